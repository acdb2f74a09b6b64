/** The sandbox phone's own name: messages and calls say by it where they went. */
const SANDBOX = 'handset';

const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;

/** What a carrier or a trunk may be called, as the end of a sentence that begins with a verb. */
export const UPLINK_NAME_RULE = `up to 32 small letters, digits, - and _, and not ${SANDBOX}`;

/** Whether an operator may call a carrier or a trunk so. */
export function isUplinkName(name: string): boolean {
  return NAME.test(name) && name !== SANDBOX;
}
