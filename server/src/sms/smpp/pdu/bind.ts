import type { Secret } from '../../../values/secret.ts';
import { COMMAND } from './command.ts';
import type { PduWriter } from './pdu-writer.ts';

/** Which way messages go on one session (SMPP 3.4 §2.1). */
export type Role = 'transceiver' | 'transmitter' | 'receiver';

/** Who we are to the SMSC (SMPP 3.4 §4.1). */
export interface Credentials {
  /** At most 15 characters. */
  readonly systemId: string;
  /** At most 8 by the specification; SMSCs that give out longer ones also take them, up to `PASSWORD_SIZE` − 1. */
  readonly password: Secret;
  /** At most 12; most SMSCs want it empty. */
  readonly systemType: string;
  /** Numbers that a receiver wants, as a UNIX regular expression, at most 40; most SMSCs want it empty. */
  readonly addressRange: string;
}

const COMMANDS = {
  transceiver: COMMAND.bind_transceiver,
  transmitter: COMMAND.bind_transmitter,
  receiver: COMMAND.bind_receiver,
} as const satisfies Record<Role, number>;

export const SYSTEM_ID_SIZE = 16;
export const PASSWORD_SIZE = 65;
export const SYSTEM_TYPE_SIZE = 13;
export const ADDRESS_RANGE_SIZE = 41;

const INTERFACE_VERSION = 0x34;

export function bindCommand(role: Role): number {
  return COMMANDS[role];
}

export function writeBind(out: PduWriter, sequence: number, role: Role, who: Credentials): void {
  out.begin(COMMANDS[role], 0, sequence, 256);
  out.cstring(who.systemId, SYSTEM_ID_SIZE);
  out.cstring(who.password.reveal(), PASSWORD_SIZE);
  out.cstring(who.systemType, SYSTEM_TYPE_SIZE);
  out.u8(INTERFACE_VERSION);
  out.u8(0); // addr_ton, addr_npi: of address_range, unknown
  out.u8(0);
  out.cstring(who.addressRange, ADDRESS_RANGE_SIZE);
  out.end();
}
