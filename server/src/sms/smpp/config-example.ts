import { parseSmppConfig, type SmppConfig } from './config.ts';

/** A configuration with every default, for tests. */
export function smppConfig(over: Partial<SmppConfig> = {}): SmppConfig {
  const parsed = parseSmppConfig({ host: 'smsc.example', system_id: 'acme', password: 'hush' });
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  return { ...parsed.config, ...over };
}
