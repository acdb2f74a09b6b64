import {
  ActionIcon,
  Badge,
  Container,
  Group,
  Text,
  Title,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import type { Status } from './api.ts';
import { BellMark } from './bell-mark.tsx';
import { MoonIcon, SignOutIcon, SunIcon } from './icons.tsx';
import classes from './page-header.module.css';

interface Props {
  readonly account: Status['account'];
  readonly onSignOut: () => Promise<void>;
}

export function PageHeader({ account, onSignOut }: Props) {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'light' ? 'dark' : 'light';
  return (
    <header className={classes.header}>
      <Container size={1140}>
        <Group h={60} justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <BellMark size={30} />
            <Title order={1} fz={18}>
              Passbell
            </Title>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" c="var(--soft)" truncate maw={220}>
              {account.name}
            </Text>
            <Badge variant="light" color={account.mode === 'live' ? 'teal' : 'gray'} mr="xs" miw="max-content">
              {account.mode}
            </Badge>
            <Tooltip label={`Use ${other} colours`}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={`Use ${other} colours`}
                onClick={() => setColorScheme(other)}
              >
                {other === 'dark' ? <MoonIcon /> : <SunIcon />}
              </ActionIcon>
            </Tooltip>
            <Tooltip label="Sign out">
              <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Sign out" onClick={onSignOut}>
                <SignOutIcon />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
      </Container>
    </header>
  );
}
