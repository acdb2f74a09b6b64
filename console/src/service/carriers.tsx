import { Badge, Group, Text } from '@mantine/core';
import type { Carrier } from '../api.ts';
import { Card } from '../card.tsx';
import { StateDot } from '../state-dot.tsx';
import classes from './carriers.module.css';

const STATES = { up: 'up', degraded: 'degraded', down: 'down' } as const;

export function Carriers({ carriers }: { readonly carriers: readonly Carrier[] }) {
  const live = carriers.some((carrier) => carrier.mode === 'live');
  return (
    <Card title="Carriers">
      <ul className={classes['list']}>
        {carriers.map((carrier) => (
          <li key={`${carrier.mode}:${carrier.name}`}>
            <Group justify="space-between" wrap="nowrap" gap="sm">
              <Group gap={10} wrap="nowrap" miw={0}>
                <StateDot state={carrier.state} />
                <span className={classes['name']}>{carrier.name}</span>
                <Badge size="xs" variant="default">
                  {carrier.mode}
                </Badge>
              </Group>
              <Text size="sm" c="var(--soft)" style={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}>
                {STATES[carrier.state]} · {carrier.free.toLocaleString('en')} free
              </Text>
            </Group>
            {carrier.trouble !== null && (
              <Text size="xs" c="var(--soft)" mt={4} pl={19}>
                {carrier.trouble}
              </Text>
            )}
          </li>
        ))}
      </ul>
      {!live && (
        <Text size="xs" c="var(--soft)" mt="md">
          No carrier for live keys yet: only the sandbox phone is reached.
        </Text>
      )}
    </Card>
  );
}
