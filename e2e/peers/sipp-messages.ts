/** A message in SIPp's log. */
export interface SippMessage {
  readonly direction: 'received' | 'sent';
  /** Milliseconds since the epoch; null for what came after the end of its call. */
  readonly at: number | null;
  readonly firstLine: string;
  readonly text: string;
  /** The first value of a header, by its full name. */
  header(name: string): string | undefined;
}

const RULE = /^-{40,} ?(.*)\n(?:(?:UDP|TCP) message (received|sent) .*|Dead call .* received a .* message:)\n\n/gm;

/** Reads what `-trace_msg` wrote. */
export function readMessages(log: string): readonly SippMessage[] {
  const text = log.replaceAll('\r', '');
  const rules = [...text.matchAll(RULE)];
  return rules.map((rule, index) => {
    const [line, at = '', direction] = rule;
    return message(
      direction === 'sent' ? 'sent' : 'received',
      at,
      text.slice(rule.index + line.length, rules[index + 1]?.index),
    );
  });
}

function message(direction: SippMessage['direction'], at: string, text: string): SippMessage {
  return {
    direction,
    at: at === '' ? null : Date.parse(at),
    firstLine: text.split('\n', 1)[0] ?? '',
    text: text.trimEnd(),
    header: (name) => new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, 'im').exec(text)?.[1],
  };
}
