import { Alert, Container, Grid, Stack } from '@mantine/core';
import type { Status } from './api.ts';
import { PageHeader } from './page-header.tsx';
import { MagicNumbers } from './phone/magic-numbers.tsx';
import { Phone } from './phone/phone.tsx';
import { ServiceFacts } from './service/service-facts.tsx';
import { Uplinks } from './service/uplinks.tsx';

interface Props {
  readonly status: Status;
  readonly stale: boolean;
  /** The session has ended. */
  readonly onEnded: () => Promise<void>;
  readonly onSignOut: () => Promise<void>;
}

export function Dashboard({ status, stale, onEnded, onSignOut }: Props) {
  return (
    <>
      <PageHeader account={status.account} onSignOut={onSignOut} />
      <Container component="main" size={1140} py="xl">
        {stale && (
          <Alert color="orange" role="status" mb="lg" title="The service does not answer">
            What you see is from before. Trying again every five seconds.
          </Alert>
        )}
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 8 }}>
            <Phone onEnded={onEnded} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 4 }}>
            <Stack gap="lg">
              {status.service !== null && (
                <>
                  <ServiceFacts service={status.service} stale={stale} />
                  <Uplinks
                    title="Carriers"
                    uplinks={status.service.carriers}
                    noneLive="No carrier for live keys yet: only the sandbox phone gets messages."
                  />
                  <Uplinks
                    title="Trunks"
                    uplinks={status.service.trunks}
                    noneLive="No trunk for live keys yet: only the sandbox phone is called."
                  />
                </>
              )}
              <MagicNumbers />
            </Stack>
          </Grid.Col>
        </Grid>
      </Container>
    </>
  );
}
