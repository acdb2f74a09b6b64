import { Text, Title } from '@mantine/core';
import { Card, Facts } from '../card.tsx';

const MESSAGES = [
  ['…0001', 'not delivered'],
  ['…0002', 'receipt 5 s late'],
  ['…0003', 'receipt twice'],
  ['…0004', 'no receipt'],
] as const;

const CALLS = [
  ['…0011', 'busy'],
  ['…0012', 'never answered'],
  ['…0013', 'declined'],
  ['…0014', 'answers, presses 1'],
] as const;

/** Numbers at which the sandbox phone misbehaves, to see what happens then. */
export function MagicNumbers() {
  return (
    <Card title="Numbers that misbehave">
      <Heading text="Messages" />
      <Facts facts={MESSAGES} />
      <Heading text="Calls" />
      <Facts facts={CALLS} />
      <Text size="xs" c="var(--soft)" mt="md">
        A number that ends in these digits. All others receive, and ring.
      </Text>
    </Card>
  );
}

function Heading({ text }: { readonly text: string }) {
  return (
    <Title order={3} fz={13} mt="sm" mb={6}>
      {text}
    </Title>
  );
}
