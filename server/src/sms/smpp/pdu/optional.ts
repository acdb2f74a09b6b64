import { MalformedPdu, type PduReader } from './pdu-reader.ts';
import { STATUS } from './status.ts';

/** Tags of the optional parameters (TLVs) that we write or read (SMPP 3.4 §5.3.2). */
export const TAG = {
  receipted_message_id: 0x001e,
  sar_msg_ref_num: 0x020c,
  sar_total_segments: 0x020e,
  sar_segment_seqnum: 0x020f,
  network_error_code: 0x0423,
  message_payload: 0x0424,
  message_state: 0x0427,
} as const;

/** A message_id with its NUL, at most (SMPP 3.4 §4.4.2). */
export const MESSAGE_ID_SIZE = 65;

/** What a deliver_sm or data_sm may say in its TLVs about a message that was submitted before. */
export interface ReceiptOptions {
  receiptedMessageId: string | null;
  /** SMPP 3.4 §5.2.28. */
  messageState: number | null;
  /** The error code alone, without the octet that names the network (SMPP 3.4 §5.3.2.31). */
  networkErrorCode: number | null;
  /** A view, valid while the PDU is. */
  messagePayload: Buffer | null;
}

const { ESME_RINVOPTPARSTREAM, ESME_RINVPARLEN } = STATUS;

/** Reads the TLVs to the end of the PDU; those we have no use for are skipped, but must be whole. @throws MalformedPdu */
export function readReceiptOptions(reader: PduReader): ReceiptOptions {
  const options: ReceiptOptions = {
    receiptedMessageId: null,
    messageState: null,
    networkErrorCode: null,
    messagePayload: null,
  };
  while (reader.left > 0) {
    const tag = reader.u16(ESME_RINVOPTPARSTREAM);
    const length = reader.u16(ESME_RINVOPTPARSTREAM);
    switch (tag) {
      case TAG.receipted_message_id:
        options.receiptedMessageId = optionalText(reader.octets(length, ESME_RINVOPTPARSTREAM));
        break;
      case TAG.message_state:
        need(length, 1);
        options.messageState = reader.u8(ESME_RINVOPTPARSTREAM);
        break;
      case TAG.network_error_code:
        need(length, 3);
        reader.skip(1, ESME_RINVOPTPARSTREAM);
        options.networkErrorCode = reader.u16(ESME_RINVOPTPARSTREAM);
        break;
      case TAG.message_payload:
        options.messagePayload = reader.octets(length, ESME_RINVOPTPARSTREAM);
        break;
      default:
        reader.skip(length, ESME_RINVOPTPARSTREAM);
    }
  }
  return options;
}

function need(length: number, expected: number): void {
  if (length !== expected) throw new MalformedPdu(ESME_RINVPARLEN, 'an optional parameter has a wrong length');
}

/** The value of a C-octet string TLV. Some SMSCs leave its NUL out, which does no harm here: the length is given. */
function optionalText(value: Buffer): string | null {
  if (value.length > MESSAGE_ID_SIZE) throw new MalformedPdu(ESME_RINVPARLEN, 'a receipted_message_id is too long');
  const nul = value.indexOf(0);
  const text = value.toString('latin1', 0, nul < 0 ? value.length : nul);
  return text === '' ? null : text;
}
