/** What was read from a text, or what is wrong with the text and how to mend it: a sentence for people, without its first capital. */
export type Parsed<T> = { readonly value: T } | { readonly fault: string };
