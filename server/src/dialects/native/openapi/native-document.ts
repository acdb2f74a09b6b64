import type { Caller } from '../../../accounts/caller.ts';
import { VERSION } from '../../../version.ts';
import type { Paths } from '../endpoint.ts';
import { openApiDocument } from './document.ts';
import type { Json } from './schema-object.ts';
import { webhooks } from './webhooks.ts';

const TAGS = {
  Verifications: 'A code is sent, comes back, and is checked here.',
  Messages: 'What was sent by SMS, over any API of this server.',
  Calls: 'Calls that spoke a code, and the voices they speak with.',
  Templates: 'The account’s own words for codes.',
  Callbacks: 'Who is told of what ended, and what came of telling them.',
  Senders: 'Who messages may be from.',
  Settings: 'What the account has chosen.',
  Credits: 'What is there to be spent, and the ledger of it.',
  Keys: 'Keys of the account.',
  Audio: 'Prompts and spelling files that calls play.',
  Export: 'Whole lists.',
  Erasure: 'Numbers that are to be forgotten.',
  'Sandbox phone': 'What test keys send to and call: a phone that a test can hold. For test keys alone.',
};

const DESCRIPTION = `
Codes by SMS and by spoken call, checked here or by the caller.

**Keys.** \`Authorization: Bearer pb_test_…\` reaches the sandbox phone alone, \`pb_live_…\` real carriers and trunks. Neither sees what was sent with the other.

**Refusals** are problem details (RFC 9457). \`code\` is of a closed list, and \`errors\` names every field at fault. Unknown fields are refused. Below \`/v1\`, a path that does not exist is answered with \`not_found\`, a method that a path does not have with \`method_not_allowed\` and \`Allow\`.

**Twice is once.** A POST may carry an \`Idempotency-Key\`.

**Lists** are newest first, by pages of \`limit\`, and stable while others are added.

**Times** are RFC 3339 in UTC; lengths of time are seconds. Phone numbers are E.164 in answers.
`.trim();

/** What the document says of the whole API. */
export function nativeDocument(tables: readonly Paths<Caller>[], url: string): Json {
  return openApiDocument(tables, {
    ...{ title: 'Passbell', description: DESCRIPTION, version: VERSION, url, tags: TAGS, webhooks },
    bearer: 'A key of the account.',
  });
}
