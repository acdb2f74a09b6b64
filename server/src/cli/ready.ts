import type { Config } from '../config.ts';
import type { Running } from '../main.ts';

/** What `--json` prints when the service is ready: one line. Secrets are in it at the very first start only. */
export function readyLine({ url, first }: Running): string {
  const consoleUrl = `${url}/console/`;
  const secrets = first && {
    console: { url: consoleUrl, user: first.user.email, password: first.user.password },
    admin_token: first.adminToken,
    account: {
      id: first.account.id,
      login: first.account.login,
      keys: first.account.keys,
      product_tokens: first.account.productTokens,
    },
  };
  return `${JSON.stringify({ ready: true, url, ...(secrets ?? { console: { url: consoleUrl } }) })}\n`;
}

/** The same for people, with the command that sends a first code. */
export function readyBlock(running: Running, config: Config, tookMs: number): string {
  const { url, first, store } = running;
  const where = store === 'sqlite' ? `embedded store in ${config.data}` : 'PostgreSQL';
  const head = `\n  Passbell is ready at ${url}  (${where}, ${tookMs} ms)\n  Console  ${url}/console/\n`;
  if (first === null) return `${head}\n`;
  const { user, account, adminToken } = first;
  return `${head}
  Made at this first start, shown this once:

    Sign in       ${user.email}  ${user.password}
    Test key      ${account.keys.test}
    Live key      ${account.keys.live}
    CM tokens     test ${account.productTokens.test}
                  live ${account.productTokens.live}
    Admin token   ${adminToken}

  Send a code to the sandbox phone:

    curl ${url}/api/v1/auths/send/otp/ \\
      -H 'Authorization: Bearer ${account.keys.test}' -H 'Content-Type: application/json' \\
      -d '{"number":"9851023212","message":"Your code is {otp}","sms_send_options":"text"}'

  and read it there:

    curl '${url}/v1/handset/messages' -H 'Authorization: Bearer ${account.keys.test}'

`;
}
