import type { Certificate } from './certificate.ts';
import type { Loopback } from './free-port.ts';

export interface KamailioRules {
  /** Who answers: calls go there over UDP. */
  readonly forwardsTo: { readonly port: number };
  /** Whom it lets through; everybody without. 407 for calls, 401 for REGISTER. */
  readonly digest?: {
    readonly username: string;
    readonly password: string;
    readonly algorithm: 'MD5' | 'SHA-256';
    /** How long a nonce is good for; after it comes `stale=true`. 300 without. */
    readonly nonceSeconds?: number;
  };
  /** Keeps registrations, and lets through only callers whose From is registered. */
  readonly registrar?: boolean;
}

export interface KamailioPlace {
  readonly host: Loopback;
  readonly port: number;
  readonly tlsPort: number;
  readonly tls: Certificate;
}

const REALM = 'passbell.test';

/** Kamailio's configuration, in its own language. Its lines for us begin with `[peer]`. */
export function kamailioConfig(rules: KamailioRules, { host, port, tlsPort, tls }: KamailioPlace): string {
  const address = host === '::1' ? '[::1]' : host;
  const { digest, registrar = false, forwardsTo } = rules;
  return `
debug=1
log_stderror=yes
children=2
tcp_children=2
auto_aliases=no
alias="localhost"
enable_tls=yes
listen=udp:${address}:${port}
listen=tcp:${address}:${port}
listen=tls:${address}:${tlsPort}
tcp_connection_lifetime=3605
${modules.map((name) => `loadmodule "${name}.so"`).join('\n')}
modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "certificate", "${tls.certificate}")
modparam("tls", "private_key", "${tls.key}")
modparam("rr", "enable_double_rr", 1)
modparam("usrloc", "db_mode", 0)
modparam("registrar", "max_expires", 3600)
modparam("auth", "algorithm", "${digest?.algorithm ?? 'MD5'}")
modparam("auth", "nonce_expire", ${digest?.nonceSeconds ?? 300})

request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) {
    if (t_check_trans()) { xnotice("[peer] cancelled\\n"); t_relay(); }
    exit;
  }
  if (has_totag()) {
    if (loose_route() || is_method("ACK") && t_check_trans()) { t_relay(); exit; }
    if (!is_method("ACK")) sl_send_reply("404", "Not Here");
    exit;
  }
  if (is_method("ACK")) exit;
  t_check_trans();
  if (is_method("OPTIONS") && uri == myself && $rU == $null) { sl_send_reply("200", "OK"); exit; }
  ${digest === undefined ? '' : authentication(digest)}
  ${registrar ? REGISTRAR : ''}
  if (!is_method("INVITE|OPTIONS")) { sl_send_reply("405", "Method Not Allowed"); exit; }
  record_route();
  $du = "sip:${address}:${forwardsTo.port};transport=udp";
  xnotice("[peer] forwarded $rm over $proto\\n");
  if (!t_relay()) sl_reply_error();
}
`;
}

const modules = [
  ...['tls', 'tm', 'tmx', 'sl', 'rr', 'pv', 'maxfwd', 'textops', 'siputils', 'xlog'],
  ...['auth', 'usrloc', 'registrar'],
];

function authentication({ username, password }: { username: string; password: string }): string {
  // -4: the nonce has expired. Challenges ask for qop=auth (1), and then say stale=true (16) too.
  const check = (kind: 'www' | 'proxy') => `
    pv_${kind}_authenticate("${REALM}", "${password}", "0");
    $var(known) = $rc;
    if ($var(known) == -4) {
      xnotice("[peer] found the nonce of $rm stale\\n");
      ${kind}_challenge("${REALM}", "17");
      exit;
    }
    if ($var(known) < 0 || $au != "${username}") {
      xnotice("[peer] challenged $rm over $proto\\n");
      ${kind}_challenge("${REALM}", "1");
      exit;
    }
    consume_credentials();`;
  return `if (is_method("REGISTER")) {${check('www')}\n  } else {${check('proxy')}\n  }`;
}

const REGISTRAR = `
  if (is_method("REGISTER")) {
    xnotice("[peer] registered $tU for $hdr(Expires) s\\n");
    save("location");
    exit;
  }
  if (!registered("location", "$fu")) {
    xnotice("[peer] refused $fu\\n");
    sl_send_reply("403", "Register First");
    exit;
  }`;
