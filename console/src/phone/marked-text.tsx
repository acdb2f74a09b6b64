import type { CodeInText } from './code-in-text.ts';

interface Props {
  readonly text: string;
  readonly pieces: CodeInText | null;
}

/** The text, with the code in it marked. */
export function MarkedText({ text, pieces }: Props) {
  if (pieces === null) return text;
  return (
    <>
      {pieces.before}
      <mark>{pieces.shown}</mark>
      {pieces.after}
    </>
  );
}
