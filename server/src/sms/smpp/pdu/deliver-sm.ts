import { MESSAGE_ID_SIZE, type ReceiptOptions, readReceiptOptions } from './optional.ts';
import type { PduReader } from './pdu-reader.ts';
import { STATUS } from './status.ts';

/** What came in a deliver_sm or data_sm. Its octets are views, valid while the PDU is handled. */
export interface Delivered {
  readonly esmClass: number;
  readonly dataCoding: number;
  /** short_message, or message_payload where that is used instead; a user data header still in front. */
  readonly message: Buffer;
  readonly options: ReceiptOptions;
}

const { ESME_RINVCMDLEN, ESME_RINVMSGLEN } = STATUS;

/** Longest addresses: 21 octets in deliver_sm, 65 in data_sm (SMPP 3.4 §4.6.1, §4.7.1). Nothing is done with them, so either may be longer. */
const ADDRESS_SIZE = 65;
const TIME_SIZE = 17;
const SERVICE_TYPE_SIZE = 6;

/** Bits 5–2 of esm_class: what kind of message it is (SMPP 3.4 §5.2.12). */
const ESM_TYPE = 0b00111100;
const ESM_RECEIPT = 0b00000100;
const ESM_INTERMEDIATE = 0b00100000;

/** The body of a deliver_sm (SMPP 3.4 §4.6.1). @throws MalformedPdu */
export function readDeliverSm(reader: PduReader): Delivered {
  reader.skipCstring(SERVICE_TYPE_SIZE, ESME_RINVCMDLEN);
  skipAddresses(reader);
  const esmClass = reader.u8(ESME_RINVCMDLEN);
  reader.skip(2, ESME_RINVCMDLEN); // protocol_id, priority_flag
  reader.skipCstring(TIME_SIZE, ESME_RINVCMDLEN); // schedule_delivery_time
  reader.skipCstring(TIME_SIZE, ESME_RINVCMDLEN); // validity_period
  reader.skip(2, ESME_RINVCMDLEN); // registered_delivery, replace_if_present_flag
  const dataCoding = reader.u8(ESME_RINVCMDLEN);
  reader.skip(1, ESME_RINVCMDLEN); // sm_default_msg_id
  const message = reader.octets(reader.u8(ESME_RINVMSGLEN), ESME_RINVMSGLEN);
  return delivered(esmClass, dataCoding, message, readReceiptOptions(reader));
}

/** The body of a data_sm (SMPP 3.4 §4.7.1): some SMSCs send receipts in it. @throws MalformedPdu */
export function readDataSm(reader: PduReader): Delivered {
  reader.skipCstring(SERVICE_TYPE_SIZE, ESME_RINVCMDLEN);
  skipAddresses(reader);
  const esmClass = reader.u8(ESME_RINVCMDLEN);
  reader.skip(1, ESME_RINVCMDLEN); // registered_delivery
  const dataCoding = reader.u8(ESME_RINVCMDLEN);
  return delivered(esmClass, dataCoding, NOTHING, readReceiptOptions(reader));
}

/** The message_id of a submit_sm_resp (SMPP 3.4 §4.4.2). @throws MalformedPdu when it has no end or is too long. */
export function readMessageId(reader: PduReader): string | null {
  const id = reader.cstring(MESSAGE_ID_SIZE, ESME_RINVCMDLEN);
  return id === '' ? null : id;
}

/**
 * Whether it reports on a message of ours. What a subscriber wrote never counts, however much it looks like a receipt: the
 * SMSC alone sets esm_class and the TLV.
 */
export function isReceipt({ esmClass, options }: Delivered): boolean {
  const type = esmClass & ESM_TYPE;
  return type === ESM_RECEIPT || type === ESM_INTERMEDIATE || options.receiptedMessageId !== null;
}

const NOTHING = Buffer.alloc(0);

function delivered(esmClass: number, dataCoding: number, message: Buffer, options: ReceiptOptions): Delivered {
  const payload = message.length === 0 && options.messagePayload !== null ? options.messagePayload : message;
  return { esmClass, dataCoding, message: payload, options };
}

function skipAddresses(reader: PduReader): void {
  for (let i = 0; i < 2; i++) {
    reader.skip(2, ESME_RINVCMDLEN); // ton, npi
    reader.skipCstring(ADDRESS_SIZE, ESME_RINVCMDLEN);
  }
}
