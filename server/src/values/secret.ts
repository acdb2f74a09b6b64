import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/** A text that must not reach a log, an error or a metric by accident: every way of printing it yields `[redacted]`. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Each call is a place to look at in a review. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
