const MINUTE = 60_000;

/** The clock on the wall of one time zone. Instants are milliseconds since the epoch. */
export interface ZonedTime {
  /** RFC 3339 with microseconds and the zone's offset at that instant: `2025-10-29T13:33:55.512000+05:45`. */
  show(at: number): string;
  /**
   * The instant at which the wall shows what UTC shows at `wall`. Where clocks are put back or forward and the wall shows it
   * twice or never, it is one of the two that may be meant.
   */
  instant(wall: number): number;
}

/** Time zones by their IANA names; each one's formatter is made once, for that takes longer than a page of rows. */
export function timeZones(): (zone: string) => ZonedTime {
  const known = new Map<string, ZonedTime>();
  return (zone) => {
    const found = known.get(zone);
    if (found !== undefined) return found;
    const made = zonedTime(zone);
    known.set(zone, made);
    return made;
  };
}

function zonedTime(zone: string): ZonedTime {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });

  /** Milliseconds that the zone is ahead of UTC. */
  function offset(at: number): number {
    const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
    const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
    const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE;
    return sign === '-' ? -ahead : ahead;
  }

  return {
    show(at) {
      const ahead = offset(at);
      // The clock has milliseconds: the last three of the six digits are zeros.
      return `${new Date(at + ahead).toISOString().slice(0, -1)}000${written(ahead)}`;
    },
    instant(wall) {
      const guess = wall - offset(wall);
      return wall - offset(guess);
    },
  };
}

function written(ahead: number): string {
  const minutes = Math.abs(ahead) / MINUTE;
  const hours = Math.floor(minutes / 60);
  return `${ahead < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
