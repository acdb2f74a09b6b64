import { since } from './since.ts';

interface Props {
  /** ISO 8601. */
  readonly at: string;
  readonly now: number;
}

export function TimeAgo({ at, now }: Props) {
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={new Date(time).toLocaleString('en-GB')}>
      {since(time, now)}
    </time>
  );
}
