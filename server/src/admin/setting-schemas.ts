import { type SchemaOptions, type TSchema, Type } from '@sinclair/typebox';
import { orNull } from '../dialects/native/field-schemas.ts';

// Settings as `ConfigFields` reads them: each may be left out, and null is as good.

export function text(min: number, max: number, description: string) {
  return setting(Type.String({ minLength: min, maxLength: max, pattern: '^[ -~]*$' }), { description });
}

/** @param fallback left out: what happens without it is said in the description */
export function whole(minimum: number, maximum: number, description: string, fallback?: number) {
  return setting(Type.Integer({ minimum, maximum }), {
    description,
    ...(fallback !== undefined && { default: fallback }),
  });
}

export function flag(description: string, fallback: boolean) {
  return setting(Type.Boolean(), { description, default: fallback });
}

/** The first option is what counts where none is named. */
export function choice(options: readonly [string | number, ...(string | number)[]], description: string) {
  return setting(Type.Union(options.map((option) => Type.Literal(option))), { description, default: options[0] });
}

export function setting<S extends TSchema>(schema: S, options: SchemaOptions) {
  return Type.Optional(orNull(schema, options));
}

export const hostField = Type.String({
  description: 'A name or an IP address, without scheme, port or brackets.',
  examples: ['gateway.example.com'],
});
