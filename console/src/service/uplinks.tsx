import { Badge, Group, Text } from '@mantine/core';
import type { Uplink } from '../api.ts';
import { Card } from '../card.tsx';
import { StateDot } from '../state-dot.tsx';
import classes from './uplinks.module.css';

const STATES = { up: 'up', degraded: 'degraded', down: 'down' } as const;

interface Props {
  readonly title: string;
  readonly uplinks: readonly Uplink[];
  /** What is said while none of them is for live keys. */
  readonly noneLive: string;
}

/** Carriers or trunks: which there are, and how they are. */
export function Uplinks({ title, uplinks, noneLive }: Props) {
  return (
    <Card title={title}>
      <ul className={classes['list']}>
        {uplinks.map((uplink) => (
          <li key={`${uplink.mode}:${uplink.name}`}>
            <Group justify="space-between" wrap="nowrap" gap="sm">
              <Group gap={10} wrap="nowrap" miw={0}>
                <StateDot state={uplink.state} />
                <span className={classes['name']}>{uplink.name}</span>
                <Badge size="xs" variant="default">
                  {uplink.mode}
                </Badge>
              </Group>
              <Text size="sm" c="var(--soft)" style={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}>
                {STATES[uplink.state]} · {uplink.free.toLocaleString('en')} free
              </Text>
            </Group>
            {uplink.trouble !== null && (
              <Text size="xs" c="var(--soft)" mt={4} pl={19}>
                {uplink.trouble}
              </Text>
            )}
          </li>
        ))}
      </ul>
      {!uplinks.some((uplink) => uplink.mode === 'live') && (
        <Text size="xs" c="var(--soft)" mt="md">
          {noneLive}
        </Text>
      )}
    </Card>
  );
}
