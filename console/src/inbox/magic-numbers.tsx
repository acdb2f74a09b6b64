import { Text } from '@mantine/core';
import { Card, Facts } from '../card.tsx';

const ENDINGS = [
  ['…0001', 'not delivered'],
  ['…0002', 'receipt 5 s late'],
  ['…0003', 'receipt twice'],
  ['…0004', 'no receipt'],
] as const;

/** Numbers at which the sandbox phone misbehaves, to see what happens then. */
export function MagicNumbers() {
  return (
    <Card title="Numbers that misbehave">
      <Facts facts={ENDINGS} />
      <Text size="xs" c="var(--soft)" mt="md">
        A number that ends in these digits. All others receive.
      </Text>
    </Card>
  );
}
