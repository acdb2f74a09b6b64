import type { Place } from './targets/locate.ts';

/** What to do when there is no way to a target. @param code of the system, Node.js or OpenSSL; null: it took too long. */
export function connectCure(code: string | null, transport: Place['transport']): string {
  switch (code) {
    case null:
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return "Packets do not get there or back: look at firewalls, and have this machine's address allowed by the trunk.";
    case 'ECONNREFUSED':
      return `Nothing listens there: look at port, and whether the trunk takes calls over ${transport}.`;
    case 'EAFNOSUPPORT':
      return 'This service has no socket of that address family: give it an address of that kind to listen on, or use another host.';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'No known authority signed the certificate: put the PEM of the one that did into tls_ca.';
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return 'The certificate is out of date: have the trunk renew it, and look at the clock of this machine.';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'The certificate is for another name: set host to the name in it, once the trunk has confirmed that name.';
    case 'ECONNRESET':
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return transport === 'tls'
        ? 'The far end does not speak TLS on this port: use its port for TLS, or another transport.'
        : 'The far end hangs up at once: have the address of this machine allowed by the trunk.';
    default:
      return 'Look at host, port and transport, and at the network between here and there.';
  }
}

/** What to do when nobody answers an OPTIONS. */
export function silentCure({ transport }: Pick<Place, 'transport'>): string {
  return transport === 'udp'
    ? 'Look at host and port, and have the address of this machine allowed by the trunk; some answer strangers over TCP alone.'
    : 'Something listens there that does not speak SIP, or does not speak to us: look at port, and have the address of this machine allowed by the trunk.';
}

/** What to do when the registrar refuses. @param status null: it did not answer. */
export function registerCure(status: number | null): string {
  switch (status) {
    case null:
      return 'The trunk answers OPTIONS but not REGISTER: ask its operator whether it wants one; if not, set register to false.';
    case 401:
    case 407:
    case 403:
      return 'Set username, password and, where it is another, auth_username to those that the trunk gave out for SIP.';
    case 404:
      return 'The trunk does not know this address: look at username and from_domain.';
    case 405:
    case 501:
      return 'The trunk takes no registrations: set register to false.';
    default:
      return 'Ask the operator of the trunk what this status means for a REGISTER.';
  }
}
