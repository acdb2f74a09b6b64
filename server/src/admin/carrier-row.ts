import { Type } from '@sinclair/typebox';
import { looksAt, refuseFaults } from '../dialects/native/reads.ts';
import { parseSmppConfig } from '../sms/smpp/config.ts';
import type { CarrierRow } from '../store/tables/carriers.ts';
import type { Vault } from '../vault/vault.ts';

/** What stands in an answer where a password was; sent back, it stands for the password that is there. */
const SET = '[set]';
const DEFAULT_PRIORITY = 100;

const common = looksAt(
  Type.Object(
    {
      kind: Type.Literal('smpp', { must: 'be smpp' }),
      priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000, must: 'be a whole number from 0 to 1000' })),
      enabled: Type.Optional(Type.Boolean({ must: 'be true or false' })),
    },
    { must: 'be an object' },
  ),
);

type Config = Readonly<Record<string, unknown>>;
type Sealing = Pick<Vault, 'seal' | 'open'>;

/** A carrier as it comes in and goes out: what all kinds have, and the configuration of its own. */
interface CarrierBody extends Config {
  readonly kind: 'smpp';
  readonly priority?: number;
  readonly enabled?: boolean;
}

/**
 * The row of a carrier that is to be as `body` says. A body without a password keeps the one of `earlier`.
 * @throws {PassbellError} `invalid_request` with every fault at once.
 */
export function carrierRow(
  vault: Sealing,
  name: string,
  body: unknown,
  earlier: CarrierRow | null,
  now: number,
): CarrierRow {
  const commonFaults = common(body);
  if (!isObject(body)) refuseFaults(commonFaults);
  const { kind, priority = DEFAULT_PRIORITY, enabled = true, ...given } = body as CarrierBody;
  const config = withPassword(given, earlier && openConfig(vault, earlier));
  const parsed = parseSmppConfig(config);
  refuseFaults([...commonFaults, ...('faults' in parsed ? parsed.faults : [])]);
  return {
    ...{ name, kind, priority, enabled },
    configSealed: vault.seal(placeOf(name), JSON.stringify(config)),
    // Nodes reopen a carrier when this moved: two changes within one millisecond must not look like one.
    updatedAt: Math.max(now, (earlier?.updatedAt ?? 0) + 1),
  };
}

/** The configuration as it was given, its password included; null when its key is not here. */
export function openConfig(vault: Sealing, { name, configSealed }: CarrierRow): Config | null {
  const text = vault.open(placeOf(name), configSealed);
  return text === null ? null : (JSON.parse(text) as Config);
}

/** A carrier as it may be shown. `readable` is false when it was sealed with a key that is not here: then it has to be put anew. */
export function carrierJson(vault: Sealing, row: CarrierRow) {
  const { name, kind, priority, enabled, updatedAt } = row;
  const config = openConfig(vault, row);
  return {
    ...{ name, kind, priority, enabled, readable: config !== null },
    ...config,
    ...(config?.['password'] !== undefined && { password: SET }),
    updated_at: new Date(updatedAt).toISOString(),
  };
}

function withPassword(given: Config, earlier: Config | null): Config {
  const { password, ...rest } = given;
  const kept = password === undefined || password === SET ? earlier?.['password'] : password;
  return kept === undefined ? rest : { ...rest, password: kept };
}

function placeOf(name: string) {
  return { account: '', row: name, column: 'carrier' } as const;
}

function isObject(body: unknown): body is Config {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
