/** The command ids of SMPP 3.4 that this client sends or understands (SMPP 3.4 §5.1.2.1). */
export const COMMAND = {
  bind_receiver: 0x00000001,
  bind_transmitter: 0x00000002,
  submit_sm: 0x00000004,
  deliver_sm: 0x00000005,
  unbind: 0x00000006,
  bind_transceiver: 0x00000009,
  enquire_link: 0x00000015,
  alert_notification: 0x00000102,
  data_sm: 0x00000103,
} as const;

export type CommandName = keyof typeof COMMAND;

/** Set on the command id of every response. */
export const RESPONSE = 0x80000000;

/** The answer to a PDU that was not understood; it has the command id of no request. */
export const GENERIC_NACK = 0x80000000;

const NAMES = new Map<number, string>(Object.entries(COMMAND).map(([name, id]) => [id, name]));

/** `submit_sm_resp`, for events; `unknown` for all that a far end may make up. */
export function commandName(id: number): string {
  if (id === GENERIC_NACK) return 'generic_nack';
  const name = NAMES.get((id & ~RESPONSE) >>> 0);
  if (name === undefined) return 'unknown';
  return id >= RESPONSE ? `${name}_resp` : name;
}
