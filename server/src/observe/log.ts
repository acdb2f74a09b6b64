/** Fields of a log line: never a code, a key, a number or a message body. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Structured lines, one JSON object each. `event` is a constant, `snake_case`: it is what one searches for. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields, cause?: unknown): void;
}

/** A log that keeps nothing, for tests that do not look at it. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };

/** What is written: lines of this weight and above; `silent`: none. */
export type LogLevel = 'info' | 'warn' | 'error' | 'silent';
