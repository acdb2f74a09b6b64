/** What is said in one language. `{brand}`, `{amount}`, `{payee}` and `{minutes}` stand where their values go, `{code}` where the code does. */
export interface LocaleTexts {
  readonly plain: string;
  readonly branded: string;
  /** Of a payment: the payer sees what the code is good for (RTS on strong customer authentication, (EU) 2018/389, art. 5). */
  readonly payment: string;
  /** By the plural forms of the language (`Intl.PluralRules`). */
  readonly expires: { readonly [form in Intl.LDMLPluralRule]?: string } & { readonly other: string };
  /** Left out where the message would take another segment for it. */
  readonly secret: string;
  readonly spoken: SpokenTexts;
}

/** What a call says before the code, and around it. */
interface SpokenTexts {
  readonly plain: string;
  readonly branded: string;
  readonly payment: string;
  /** How to hear it again. */
  readonly again: string;
  readonly goodbye: string;
}
