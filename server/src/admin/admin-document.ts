import type { Paths } from '../dialects/native/endpoint.ts';
import { openApiDocument } from '../dialects/native/openapi/document.ts';
import type { Json } from '../dialects/native/openapi/schema-object.ts';
import type { ApiKey } from '../store/tables/keys.ts';
import { VERSION } from '../version.ts';

const TAGS = {
  Accounts: 'Who uses the service, what they may spend, and numbers to be forgotten.',
  Carriers: 'Uplinks for SMS, over SMPP.',
  Trunks: 'Uplinks for calls, over SIP.',
  Audit: 'Who did what.',
};

const DESCRIPTION = `
What the operator does. \`Authorization: Bearer pb_admin_…\`; a key of an account opens nothing here.

Refusals are problem details (RFC 9457), unknown fields are refused, and a POST may carry an \`Idempotency-Key\`, as in \`/v1\`.
`.trim();

/** What the document says of the operator's API. */
export function adminDocument(paths: Paths<ApiKey>, url: string): Json {
  return openApiDocument([paths], {
    ...{ title: 'Passbell, the operator’s API', description: DESCRIPTION, version: VERSION, url, tags: TAGS },
    bearer: 'The admin token.',
  });
}
