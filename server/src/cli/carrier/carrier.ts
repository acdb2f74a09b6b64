import { carrierRows, carrierType } from '../../admin/carrier-type.ts';
import type { SmppConfig } from '../../sms/smpp/config.ts';
import type { Uplink } from '../uplink/uplink.ts';
import { carrierFields } from './fields.ts';
import { tlsField, tlsInWords } from './tls.ts';

/** SMS carriers, as the command line sets them up. */
export const carrier: Uplink<'smpp', SmppConfig> = {
  type: carrierType,
  rows: carrierRows,
  fields: carrierFields,
  composed: tlsField,
  needsPassword: true,
  // What a configuration leaves out stands at its default.
  address: ({ host = '', port = 2775 }) => `${host}:${port}`,
  inWords: { tls: tlsInWords },
  help: {
    add: 'set up an SMS carrier over SMPP; a running server binds to it within a second',
    set: 'change a carrier; a running server binds anew within a second',
    disable: 'unbind, and send nothing through it',
    unset: 'rate,sender',
    remove: 'forget a carrier; a running server lets it finish what it has, and unbinds',
    none: 'There is no carrier yet. `passbell carrier add` sets one up; test keys need none.',
  },
};
