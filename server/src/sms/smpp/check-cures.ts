import type { Role } from './pdu/bind.ts';

/** What to do when a TCP connection does not come about. @param code a system's error code. */
export function connectCure(code: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'Nothing listens there: look at port, and whether the SMSC is up.';
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return "Packets do not get there or back: look at firewalls and VPN, and have this machine's address allowed by the carrier.";
    case 'ECONNRESET':
      return 'The far end hangs up at once: have the address of this machine allowed by the carrier.';
    default:
      return 'Look at host and port, and at the network between here and there.';
  }
}

/** What to do when TLS fails. @param code of Node.js or OpenSSL. */
export function tlsCure(code: string): string {
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'No known authority signed the certificate: put the PEM of the one that did into tls.ca.';
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return 'The certificate is out of date: have the carrier renew it, and look at the clock of this machine.';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'The certificate is for another name: set tls.servername to the name in it, once the carrier has confirmed that name.';
    case 'ECONNRESET':
    case 'ETIMEDOUT':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return 'The far end does not speak TLS on this port: set tls to false, or use its port for TLS.';
    default:
      return 'Look at port and tls: is this the port for TLS, and does the SMSC speak TLS 1.2 or later?';
  }
}

/** What to do when a bind is refused. @param status null: it was not answered. */
export function bindCure(status: number | null, role: Role): string {
  switch (status) {
    case null:
      return 'Something listens there that does not answer an SMPP bind: look at port and tls.';
    case 0x0e:
      return 'Set password to the one that the carrier gave out for SMPP; it is often not that of its web site.';
    case 0x0f:
      return 'Set system_id to the one that the carrier gave out for SMPP.';
    case 0x53:
      return 'Set system_type as the carrier says; most want it empty.';
    case 0x05:
    case 0x0d:
      return `The SMSC may have this account bound already, allow fewer binds, or no ${role}: look at binds and mode, and whether another program uses the account.`;
    default:
      return `Ask the carrier what this status means for a bind as ${role}.`;
  }
}

/** What to do when the test message is refused. @param status null: it was not answered. */
export function submitCure(status: number | null): string {
  switch (status) {
    case null:
      return 'The message may have gone out: look at the phone, and ask the carrier why submit_sm is not answered.';
    case 0x0a:
    case 0x48:
    case 0x49:
      return 'Set sender to one that the carrier has registered for you, and source_ton and source_npi as it says.';
    case 0x0b:
    case 0x50:
    case 0x51:
      return 'Ask the carrier whether it has a route to this number; set dest_ton and dest_npi as it says.';
    case 0x62:
      return 'Set validity to absolute or none: this SMSC does not take the form it got.';
    case 0x58:
    case 0x14:
      return 'The SMSC is busy: try again, and set rate to what the contract allows.';
    default:
      return 'Ask the carrier what this status means for a submit_sm; look at data_coding, service_type and long.';
  }
}
