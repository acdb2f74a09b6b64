import { Type } from '@sinclair/typebox';

/** A secret in clear, as answers show it. */
export const secretField = Type.String({
  pattern: '^whsec_[A-Za-z0-9+/]+=*$',
  description: 'As Standard Webhooks writes it.',
  examples: ['whsec_…'],
});
