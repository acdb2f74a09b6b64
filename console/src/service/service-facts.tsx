import { Group, Text } from '@mantine/core';
import type { Service } from '../api.ts';
import { Card, Facts } from '../card.tsx';
import { StateDot } from '../state-dot.tsx';
import { duration } from './duration.ts';

const STORES = { sqlite: 'SQLite, embedded', postgres: 'PostgreSQL' } as const;

export function ServiceFacts({ service, stale }: { readonly service: Service; readonly stale: boolean }) {
  const [state, word] = stale
    ? (['down', 'no answer'] as const)
    : service.ready
      ? (['up', 'running'] as const)
      : (['degraded', 'shutting down'] as const);
  return (
    <Card
      title="Service"
      aside={
        <Group gap={8}>
          <StateDot state={state} />
          <Text size="sm">{word}</Text>
        </Group>
      }
    >
      <Facts
        facts={[
          ['Version', service.version],
          [
            'Node',
            <span key="node" title={service.node}>
              {
                // The time in a UUIDv7 stands first: what tells nodes apart is its end.
                service.node.slice(-12)
              }
            </span>,
          ],
          ['Store', STORES[service.store]],
          ['Up for', duration(service.uptime_seconds)],
          ['Waiting to leave', service.queued.toLocaleString('en')],
        ]}
      />
    </Card>
  );
}
