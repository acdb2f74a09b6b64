import { ADDRESS_SIZE, type Address } from '../message/address.ts';
import { COMMAND } from './command.ts';
import { TAG } from './optional.ts';
import type { PduWriter } from './pdu-writer.ts';

/** One message to submit (SMPP 3.4 §4.4.1). */
export interface SubmitSm {
  readonly source: Address;
  readonly destination: Address;
  readonly dataCoding: number;
  /** Without a user data header: that is written from `concatenation`. */
  readonly message: Uint8Array;
  /** `payload`: in the TLV message_payload, for a message of any length; else in short_message, at most 254 octets. */
  readonly place: 'short_message' | 'payload';
  /** How a handset is told that this is one part of several; null for a whole message. */
  readonly concatenation: Concatenation | null;
  /** SMPP 3.4 §7.1.1; empty: as long as the SMSC likes. */
  readonly validityPeriod: string;
}

export interface Concatenation {
  /** `udh`: a header inside the message. `sar`: in TLVs, from which the SMSC makes that header. */
  readonly by: 'udh' | 'sar';
  /** 0–255. */
  readonly reference: number;
  readonly total: number;
  readonly index: number;
}

/** What all messages to one SMSC have in common. */
export interface SubmitProfile {
  /** At most 5 characters. */
  readonly serviceType: string;
  /** 0–3 (SMPP 3.4 §5.2.14). */
  readonly priorityFlag: number;
  readonly replaceIfPresent: boolean;
  /** Ask for a receipt of the final outcome, good or bad. */
  readonly receipts: boolean;
}

const SERVICE_TYPE_SIZE = 6;
const VALIDITY_SIZE = 17;

/** More than all fields but the message take, at their longest. */
const FIELDS = 160;

/** UDH Indicator in esm_class (SMPP 3.4 §5.2.12). */
const ESM_UDHI = 0x40;
/** Concatenated message, 8-bit reference (3GPP TS 23.040 §9.2.3.24.1): five octets follow, element 0, of three octets. */
const UDH_CONCATENATION = [0x05, 0x00, 0x03] as const;
const UDH_LENGTH = 6;

export function writeSubmitSm(out: PduWriter, sequence: number, sm: SubmitSm, profile: SubmitProfile): void {
  const { source, destination, message, concatenation } = sm;
  const udh = concatenation?.by === 'udh';
  out.begin(COMMAND.submit_sm, 0, sequence, FIELDS + message.length);
  out.cstring(profile.serviceType, SERVICE_TYPE_SIZE);
  out.u8(source.ton);
  out.u8(source.npi);
  out.cstring(source.digits, ADDRESS_SIZE);
  out.u8(destination.ton);
  out.u8(destination.npi);
  out.cstring(destination.digits, ADDRESS_SIZE);
  out.u8(udh ? ESM_UDHI : 0);
  out.u8(0); // protocol_id
  out.u8(profile.priorityFlag);
  out.u8(0); // schedule_delivery_time: now
  out.cstring(sm.validityPeriod, VALIDITY_SIZE);
  out.u8(profile.receipts ? 1 : 0);
  out.u8(profile.replaceIfPresent ? 1 : 0);
  out.u8(sm.dataCoding);
  out.u8(0); // sm_default_msg_id: none
  if (sm.place === 'payload') {
    out.u8(0);
    out.u16(TAG.message_payload);
    out.u16(message.length);
  } else {
    out.u8(message.length + (udh ? UDH_LENGTH : 0));
    if (udh) writeUdh(out, concatenation);
  }
  out.octets(message);
  if (concatenation?.by === 'sar') writeSar(out, concatenation);
  out.end();
}

function writeUdh(out: PduWriter, { reference, total, index }: Concatenation): void {
  for (const octet of UDH_CONCATENATION) out.u8(octet);
  out.u8(reference);
  out.u8(total);
  out.u8(index);
}

function writeSar(out: PduWriter, { reference, total, index }: Concatenation): void {
  out.u16(TAG.sar_msg_ref_num);
  out.u16(2);
  out.u16(reference);
  out.u16(TAG.sar_total_segments);
  out.u16(1);
  out.u8(total);
  out.u16(TAG.sar_segment_seqnum);
  out.u16(1);
  out.u8(index);
}
