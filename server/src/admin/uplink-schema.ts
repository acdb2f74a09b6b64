import { type TProperties, type TUnsafe, Type } from '@sinclair/typebox';
import { orNull, timeField } from '../dialects/native/field-schemas.ts';
import type { UplinkKind } from '../store/tables/uplinks.ts';
import type { UplinkJson } from './uplink-row.ts';

const PASSWORD = '`[set]` where there is one; sent back, it stands for the password that is there.';

/** What is common to all kinds of uplinks. */
const common = {
  priority: Type.Integer({
    minimum: 0,
    maximum: 1_000,
    description: 'Those of a lower one are tried first; 100 unless said.',
    examples: [100],
    must: 'be a whole number from 0 to 1000',
  }),
  enabled: Type.Boolean({ description: 'Whether it is used; true unless said.', must: 'be true or false' }),
};

export const uplinkCommon = { priority: Type.Optional(common.priority), enabled: Type.Optional(common.enabled) };

export const uplinkParams = {
  name: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,31}$', description: 'Its name.', examples: ['acme'] }),
};

/** What kind it is. There is one kind of trunk, so that trunks need not say; carriers are to have others beside SMPP. */
export function kindField(kind: UplinkKind) {
  const description = 'What it speaks.';
  return kind === 'sip'
    ? Type.Optional(
        Type.Literal(kind, { description: `${description} \`sip\` unless said.`, must: 'be sip, or left out' }),
      )
    : Type.Literal(kind, { description, must: `be ${kind}` });
}

/** An uplink as the operator puts it. `fields` are those of its kind. */
export function uplinkBody(id: string, kind: UplinkKind, fields: TProperties) {
  return Type.Object({ kind: kindField(kind), ...uplinkCommon, ...fields }, { $id: id, additionalProperties: false });
}

interface UplinkShown extends UplinkJson {
  readonly status: { readonly state: 'up' | 'degraded' | 'down'; readonly trouble: string | null } | null;
}

export type UplinkAnswer = TUnsafe<UplinkShown>;

const status = Type.Object(
  {
    state: Type.Union([Type.Literal('up'), Type.Literal('degraded'), Type.Literal('down')]),
    trouble: orNull(Type.String(), { description: 'What is wrong, and what to look at; null when it is up.' }),
  },
  { additionalProperties: false },
);

/** An uplink as it is shown: as it was put, without its password. */
export function uplinkAnswer(id: string, kind: UplinkKind, { password: _, ...fields }: TProperties): UplinkAnswer {
  return Type.Unsafe<UplinkShown>(
    Type.Object(
      {
        name: uplinkParams.name,
        kind: Type.Literal(kind),
        ...common,
        readable: Type.Boolean({ description: 'False when its key is not here: it has to be put anew.' }),
        ...Type.Partial(Type.Object(fields)).properties,
        password: Type.Optional(Type.String({ description: PASSWORD })),
        updated_at: timeField('When it was put.'),
        status: orNull(status, { description: 'On the node that answers; null: it is not open there.' }),
      },
      { $id: id, additionalProperties: false },
    ),
  );
}
