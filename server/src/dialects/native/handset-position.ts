import { BEGINNING } from '../../handset/follow.ts';
import { idAfter } from './field-schemas.ts';

/** What a reader of events has seen: the id of the last message, and of the last change of a call. */
export interface Position {
  readonly message: string;
  readonly change: string;
}

const MESSAGE = 'msg_';
const CHANGE = 'chg_';

/**
 * A position as the id of an event: `msg_…`, `chg_…`, or both with a space between. A part that is left out had not begun when the
 * event was told.
 */
export function positionText({ message, change }: Position): string {
  const parts = [message === BEGINNING ? '' : MESSAGE + message, change === BEGINNING ? '' : CHANGE + change];
  return parts.filter((part) => part !== '').join(' ');
}

/** The position that a `Last-Event-ID` names; null when it names none. */
export function positionOf(text: string | undefined): Position | null {
  const parts = text?.split(' ', 3) ?? [];
  const message = idAfter(MESSAGE, parts.at(0));
  const change = idAfter(CHANGE, parts.at(-1));
  const found = (message === null ? 0 : 1) + (change === null ? 0 : 1);
  if (found === 0 || found !== parts.length) return null;
  return { message: message ?? BEGINNING, change: change ?? BEGINNING };
}
