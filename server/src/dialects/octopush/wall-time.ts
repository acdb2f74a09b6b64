/** What the clock on the wall of a time zone shows at an instant (ms since the epoch): `14:05:33`. */
export type WallTime = (at: number, timeZone: string) => string;

/** Each zone's formatter is made once: that takes longer than the rest of a request. */
export function wallTime(): WallTime {
  const formats = new Map<string, Intl.DateTimeFormat>();

  function format(timeZone: string): Intl.DateTimeFormat {
    const known = formats.get(timeZone);
    if (known !== undefined) return known;
    const digits = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
    const made = new Intl.DateTimeFormat('en-GB', { timeZone, ...digits });
    formats.set(timeZone, made);
    return made;
  }

  return (at, timeZone) => format(timeZone).format(at);
}
