import { parseTrunkConfig, type TrunkConfig } from './trunk-config.ts';

/** A configuration with every default, for tests. */
export function trunkConfig(json: object = {}): TrunkConfig {
  const parsed = parseTrunkConfig({ host: '127.0.0.1', port: 5060, ...json });
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.config;
}
