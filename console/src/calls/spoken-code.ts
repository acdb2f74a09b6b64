import type { CodeInText } from '../phone/code-in-text.ts';

// Digits and Latin letters that stand alone, with one space between them: how a transcript has a code.
const RUN = /(?<!\S)(?:[A-Za-z\p{Nd}] ){3,}[A-Za-z\p{Nd}](?!\S)/gu;
// "Kod 4 8 2 9 i …": many languages have words of one small letter.
const WORDS = /^(?:[a-z] )+|(?: [a-z])+$/g;
const SHORTEST = '0 0 0 0'.length;

/** Where a code was spelled out in a transcript: the longest of them, as a call that goes on may be in the middle of the next. */
export function spokenCode(transcript: string): CodeInText | null {
  let longest = { shown: '', index: 0 };
  for (const { 0: run, index } of transcript.matchAll(RUN)) {
    const shown = withoutWords(run);
    if (shown.length > longest.shown.length) longest = { shown, index: index + run.indexOf(shown) };
  }
  const { shown, index } = longest;
  if (shown.length < SHORTEST) return null;
  return {
    ...{ before: transcript.slice(0, index), shown, after: transcript.slice(index + shown.length) },
    code: shown.replaceAll(' ', ''),
  };
}

function withoutWords(run: string): string {
  const rest = run.replace(WORDS, '');
  return /[a-z]/.test(rest) ? run : rest;
}
