import type { Retry } from '../../carrier.ts';

/** The command_status values that this client sends, or looks for (SMPP 3.4 §5.1.3). */
export const STATUS = {
  ESME_ROK: 0x00,
  ESME_RINVMSGLEN: 0x01,
  ESME_RINVCMDLEN: 0x02,
  ESME_RINVCMDID: 0x03,
  ESME_RINVBNDSTS: 0x04,
  ESME_RMSGQFUL: 0x14,
  ESME_RINVDSTADR: 0x0b,
  ESME_RTHROTTLED: 0x58,
  ESME_RINVOPTPARSTREAM: 0xc0,
  ESME_RINVPARLEN: 0xc2,
} as const;

interface Meaning {
  readonly name: string;
  /** What a dispatcher may do after this answer to a submit. */
  readonly submit: Retry;
  /** The bind is wrong and stays so until somebody changes something. */
  readonly endsBinding?: true;
}

/**
 * What each status means for us, all of SMPP 3.4 §5.1.3, table 5-2.
 *
 * `later`: the SMSC itself says that it is a matter of time. `elsewhere`: this SMSC will not take this message, for a reason
 * that lies in its routes, its rules or our configuration for it. No status is `never`: numbers are checked before they come
 * here, and even ESME_RINVDSTADR is what many SMSCs answer for a country that the customer has not bought.
 */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  // 0x01 … 0x03: we broke a rule of this SMSC's, which another may not have.
  1: { name: 'ESME_RINVMSGLEN', submit: 'elsewhere' },
  2: { name: 'ESME_RINVCMDLEN', submit: 'elsewhere' },
  3: { name: 'ESME_RINVCMDID', submit: 'elsewhere' },
  // The SMSC has lost our bind, or has it as receiver: the session will be mended, the message is not at fault.
  4: { name: 'ESME_RINVBNDSTS', submit: 'later' },
  5: { name: 'ESME_RALYBND', submit: 'elsewhere' },
  6: { name: 'ESME_RINVPRTFLG', submit: 'elsewhere' },
  7: { name: 'ESME_RINVREGDLVFLG', submit: 'elsewhere' },
  8: { name: 'ESME_RSYSERR', submit: 'later' },
  // Sender ids are registered with each carrier.
  10: { name: 'ESME_RINVSRCADR', submit: 'elsewhere' },
  11: { name: 'ESME_RINVDSTADR', submit: 'elsewhere' },
  12: { name: 'ESME_RINVMSGID', submit: 'elsewhere' },
  // Used for too many binds as well as for wrong credentials, so tried again.
  13: { name: 'ESME_RBINDFAIL', submit: 'elsewhere' },
  14: { name: 'ESME_RINVPASWD', submit: 'elsewhere', endsBinding: true },
  15: { name: 'ESME_RINVSYSID', submit: 'elsewhere', endsBinding: true },
  17: { name: 'ESME_RCANCELFAIL', submit: 'elsewhere' },
  19: { name: 'ESME_RREPLACEFAIL', submit: 'elsewhere' },
  20: { name: 'ESME_RMSGQFUL', submit: 'later' },
  21: { name: 'ESME_RINVSERTYP', submit: 'elsewhere' },
  51: { name: 'ESME_RINVNUMDESTS', submit: 'elsewhere' },
  52: { name: 'ESME_RINVDLNAME', submit: 'elsewhere' },
  64: { name: 'ESME_RINVDESTFLAG', submit: 'elsewhere' },
  66: { name: 'ESME_RINVSUBREP', submit: 'elsewhere' },
  67: { name: 'ESME_RINVESMCLASS', submit: 'elsewhere' },
  68: { name: 'ESME_RCNTSUBDL', submit: 'elsewhere' },
  69: { name: 'ESME_RSUBMITFAIL', submit: 'elsewhere' },
  72: { name: 'ESME_RINVSRCTON', submit: 'elsewhere' },
  73: { name: 'ESME_RINVSRCNPI', submit: 'elsewhere' },
  80: { name: 'ESME_RINVDSTTON', submit: 'elsewhere' },
  81: { name: 'ESME_RINVDSTNPI', submit: 'elsewhere' },
  83: { name: 'ESME_RINVSYSTYP', submit: 'elsewhere', endsBinding: true },
  84: { name: 'ESME_RINVREPFLAG', submit: 'elsewhere' },
  85: { name: 'ESME_RINVNUMMSGS', submit: 'elsewhere' },
  88: { name: 'ESME_RTHROTTLED', submit: 'later' },
  97: { name: 'ESME_RINVSCHED', submit: 'elsewhere' },
  98: { name: 'ESME_RINVEXPIRY', submit: 'elsewhere' },
  99: { name: 'ESME_RINVDFTMSGID', submit: 'elsewhere' },
  100: { name: 'ESME_RX_T_APPN', submit: 'later' },
  101: { name: 'ESME_RX_P_APPN', submit: 'elsewhere' },
  102: { name: 'ESME_RX_R_APPN', submit: 'elsewhere' },
  103: { name: 'ESME_RQUERYFAIL', submit: 'elsewhere' },
  192: { name: 'ESME_RINVOPTPARSTREAM', submit: 'elsewhere' },
  193: { name: 'ESME_ROPTPARNOTALLWD', submit: 'elsewhere' },
  194: { name: 'ESME_RINVPARLEN', submit: 'elsewhere' },
  195: { name: 'ESME_RMISSINGOPTPARAM', submit: 'elsewhere' },
  196: { name: 'ESME_RINVOPTPARAMVAL', submit: 'elsewhere' },
  254: { name: 'ESME_RDELIVERYFAILURE', submit: 'elsewhere' },
  255: { name: 'ESME_RUNKNOWNERR', submit: 'elsewhere' },
};

/** Reserved and vendors' codes (0x400 – 0x4FF): whatever they mean, it is this SMSC's reason. */
export function submitRetry(status: number): Retry {
  return MEANINGS[status]?.submit ?? 'elsewhere';
}

/** Whether binding again with the same configuration is in vain, and too many tries may lock the account. */
export function endsBinding(status: number): boolean {
  return MEANINGS[status]?.endsBinding === true;
}

/** `ESME_RTHROTTLED (0x58)`, or the bare number of a code that SMPP 3.4 does not define. */
export function statusName(status: number): string {
  const hex = `0x${status.toString(16).toUpperCase().padStart(2, '0')}`;
  const name = status === STATUS.ESME_ROK ? 'ESME_ROK' : MEANINGS[status]?.name;
  return name === undefined ? hex : `${name} (${hex})`;
}
