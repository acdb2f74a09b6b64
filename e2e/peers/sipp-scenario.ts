import type { G711 } from '../../server/src/voice/audio/clip.ts';

/** A scenario as SIPp reads it, and whether SIPp waits for calls or places them. */
export interface Scenario {
  readonly xml: string;
  readonly side: 'callee' | 'caller';
  /** Further options of SIPp's that it needs. */
  readonly options?: readonly string[];
}

/** One element of a scenario. */
export type Step = string;

// What a callee's later messages need of the INVITE: SIPp itself remembers the last message only.
const REMEMBERED = { via: 'Via', from: 'From', to: 'To', invite: 'CSeq' } as const;
const OWN_TAG = 'tag=[pid]-callee-[call_number]';
const OTHER_TAG = 'tag=[pid]-fork-[call_number]';

export function callee(name: string, ...steps: readonly Step[]): Scenario {
  return { xml: scenarioXml(name, steps), side: 'callee' };
}

export function caller(name: string, ...steps: readonly Step[]): Scenario {
  return { xml: scenarioXml(name, steps), side: 'caller' };
}

export function pause(ms: number): Step {
  return ms === 0 ? '' : `<pause milliseconds="${ms}"/>`;
}

/** Waits for a request. `extra` are further attributes of SIPp's `recv`, `actions` what its `action` holds. */
export function receive(method: string, { extra = '', actions = '' } = {}): Step {
  return `<recv request="${method}" ${extra}>${action(actions)}</recv>`;
}

/** Waits for a response to a request of our own. */
export function receiveResponse(status: number, { extra = '', actions = '' } = {}): Step {
  return `<recv response="${status}" ${extra}>${action(actions)}</recv>`;
}

/** Waits for the INVITE that begins the call, and remembers what later messages need of it. */
export function invited(actions = ''): Step {
  const header = (name: string, into: string) =>
    `<ereg regexp="[^ ].*" search_in="hdr" header="${name}:" check_it="true" assign_to="${into}"/>`;
  const remember = Object.entries(REMEMBERED).map(([into, name]) => header(name, into));
  return receive('INVITE', { extra: 'rrs="true"', actions: remember.join('') + actions });
}

export interface ResponseDetails {
  readonly headers?: readonly string[];
  /** With a session description that accepts this codec and telephone-event as 101. */
  readonly sdp?: G711;
  /** Which branch of a forked INVITE answers. */
  readonly fork?: boolean;
}

/** Answers the INVITE, at any time after it. Behind no more than one Via: SIPp cannot remember two. */
export function respondToInvite(status: number, reason: string, details: ResponseDetails = {}): Step {
  const { headers = [], sdp, fork = false } = details;
  return send(
    `SIP/2.0 ${status} ${reason}`,
    'Via: [$via]',
    'From: [$from]',
    `To: [$to];${fork ? OTHER_TAG : OWN_TAG}`,
    '[last_Call-ID:]',
    'CSeq: [$invite]',
    CONTACT,
    ...headers,
    ...body(sdp),
  );
}

/** Answers the INVITE while it is the last message: with all of its Via and Record-Route, so behind proxies too. */
export function respondAtOnce(status: number, reason: string, { headers = [], sdp }: ResponseDetails = {}): Step {
  return send(
    `SIP/2.0 ${status} ${reason}`,
    '[last_Via:]',
    '[last_Record-Route:]',
    '[last_From:]',
    `[last_To:];${OWN_TAG}`,
    '[last_Call-ID:]',
    '[last_CSeq:]',
    CONTACT,
    ...headers,
    ...body(sdp),
  );
}

/** Answers the last request, which has a tag of ours already (BYE, CANCEL, …) or needs none. */
export function respondInDialog(status = 200, reason = 'OK', headers: readonly string[] = []): Step {
  return send(
    `SIP/2.0 ${status} ${reason}`,
    '[last_Via:]',
    '[last_From:]',
    '[last_To:]',
    '[last_Call-ID:]',
    '[last_CSeq:]',
    CONTACT,
    ...headers,
    ...body(),
  );
}

/** A request of the callee's own within the call, sent again until it is answered. */
export function requestInDialog(
  method: string,
  cseq: number,
  headers: readonly string[] = [],
  sdp?: readonly string[],
): Step {
  return send(
    `${method} [next_url] SIP/2.0`,
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    '[routes]',
    `From: [$to];${OWN_TAG}`,
    'To: [$from]',
    '[last_Call-ID:]',
    `CSeq: ${cseq} ${method}`,
    'Max-Forwards: 70',
    CONTACT,
    ...headers,
    ...(sdp === undefined ? body() : bodyOf(sdp)),
  ).replace('<send>', method === 'ACK' ? '<send>' : '<send retrans="500">');
}

/** Sends a message as it is, line by line; SIPp fills in its keywords. */
export function send(...lines: readonly string[]): Step {
  return `<send><![CDATA[\n\n${lines.join('\n')}\n\n]]></send>`;
}

/** A session description of the peer's own, for offers and answers; `direction` as in RFC 4566 §6. */
export function sdpLines(codec: G711, direction: 'sendrecv' | 'sendonly' | 'inactive' = 'sendrecv'): readonly string[] {
  const [type, name] = codec === 'pcma' ? [8, 'PCMA'] : [0, 'PCMU'];
  return [
    'v=0',
    'o=peer 53655765 2353687637 IN IP[local_ip_type] [local_ip]',
    's=-',
    'c=IN IP[media_ip_type] [media_ip]',
    't=0 0',
    `m=audio [media_port] RTP/AVP ${type} 101`,
    `a=rtpmap:${type} ${name}/8000`,
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=ptime:20',
    `a=${direction}`,
  ];
}

function action(actions: string): string {
  return actions === '' ? '' : `<action>${actions}</action>`;
}

const CONTACT = 'Contact: <sip:callee@[local_ip]:[local_port];transport=[transport]>';

function body(sdp?: G711): readonly string[] {
  return sdp === undefined ? ['Content-Length: 0'] : bodyOf(sdpLines(sdp));
}

function bodyOf(sdp: readonly string[]): readonly string[] {
  return ['Content-Type: application/sdp', 'Content-Length: [len]', '', ...sdp];
}

function scenarioXml(name: string, steps: readonly Step[]): string {
  const text = steps.join('\n');
  // SIPp refuses a variable that is assigned and then not used.
  const assigned = new Set([...text.matchAll(/assign_to="([^"]+)"/g)].map(([, variable]) => variable));
  const used = assigned.size === 0 ? '' : `<Reference variables="${[...assigned].join(',')}"/>`;
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="${name}">\n${text}\n${used}\n</scenario>\n`;
}
