/** What the sandbox phone does with a call, chosen by the last four digits of the national number. */
export type CallBehaviour = 'ring' | 'busy' | 'never_answer' | 'reject' | 'answer_and_press_1';

const ENDINGS: ReadonlyMap<string, CallBehaviour> = new Map([
  ['0011', 'busy'],
  ['0012', 'never_answer'],
  ['0013', 'reject'],
  ['0014', 'answer_and_press_1'],
]);

/**
 * The behaviour of the phone at `e164`. Numbers with any other ending, those that steer messages among them, ring until someone
 * answers. A national number is longer than four digits everywhere, so the E.164 form ends the same way.
 */
export function callBehaviour(e164: string): CallBehaviour {
  return ENDINGS.get(e164.slice(-4)) ?? 'ring';
}
