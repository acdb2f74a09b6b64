/** What the sandbox phone does with a message, chosen by the last four digits of the national number. */
export type SmsBehaviour = 'deliver' | 'undelivered' | 'delayed_receipt' | 'doubled_receipt' | 'no_receipt';

const ENDINGS: ReadonlyMap<string, SmsBehaviour> = new Map([
  ['0001', 'undelivered'],
  ['0002', 'delayed_receipt'],
  ['0003', 'doubled_receipt'],
  ['0004', 'no_receipt'],
]);

/**
 * The behaviour of the phone at `e164`. Numbers with any other ending, those that steer calls among them, take every message.
 * A national number is longer than four digits everywhere, so the E.164 form ends the same way.
 */
export function smsBehaviour(e164: string): SmsBehaviour {
  return ENDINGS.get(e164.slice(-4)) ?? 'deliver';
}
