import type { FastifyPluginAsync } from 'fastify';

/** What is read at each scrape. */
interface Deps {
  readonly delivery: { readonly load: Readonly<Record<'uncommitted' | 'queued' | 'holding' | 'unsettled', number>> };
  readonly callbacks: {
    readonly stats: Readonly<Record<'delivered' | 'failed' | 'givenUp' | 'disabled' | 'inFlight' | 'waiting', number>>;
  };
  readonly carriers: Uplinks;
  readonly trunks: Uplinks;
}

interface Uplinks {
  status(): readonly {
    readonly name: string;
    readonly mode: string;
    readonly status: { readonly state: 'up' | 'degraded' | 'down'; readonly free: number };
  }[];
}

/** `/metrics`: what this node does now, in the Prometheus text format 0.0.4. No number, key or text is ever a label. */
export function metricsApi({ delivery, callbacks, carriers, trunks }: Deps): FastifyPluginAsync {
  return async (app) => {
    app.get('/metrics', async (_request, reply) => {
      reply.type('text/plain; version=0.0.4; charset=utf-8');
      const uplinks = [...capacity('carrier', 'message', carriers), ...capacity('trunk', 'call', trunks)];
      return render([...load(delivery), ...told(callbacks), ...uplinks, ...ownProcess()]);
    });
  };
}

interface Gauge {
  /** Default: a gauge. */
  readonly type?: 'counter';
  readonly name: string;
  readonly help: string;
  readonly samples: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

function load({ load }: Deps['delivery']): Gauge[] {
  const gauge = (name: string, help: string, value: number) => ({ name, help, samples: [{ value }] });
  return [
    gauge('passbell_accepts_uncommitted', 'Requests that wait for their commit.', load.uncommitted),
    gauge(
      'passbell_deliveries_queued',
      'Messages and calls in memory that wait for a carrier or a trunk.',
      load.queued,
    ),
    gauge(
      'passbell_deliveries_holding',
      'Messages and calls in memory: waiting, with a carrier or trunk, or between tries.',
      load.holding,
    ),
    gauge('passbell_outcomes_unsettled', 'Outcomes and receipts that wait for their commit.', load.unsettled),
  ];
}

function told({ stats }: Deps['callbacks']): Gauge[] {
  const { delivered, failed, givenUp, disabled, inFlight, waiting } = stats;
  const samples = Object.entries({ delivered, failed, given_up: givenUp, disabled }).map(([result, value]) => {
    return { labels: { result }, value };
  });
  const now = (name: string, help: string, value: number) => ({ name, help, samples: [{ value }] });
  return [
    { type: 'counter', name: 'passbell_callbacks_total', help: 'Tries to deliver a callback, by result.', samples },
    now('passbell_callbacks_in_flight', 'Callbacks that wait for their answer.', inFlight),
    now('passbell_callbacks_waiting', 'Callbacks in memory that wait for their receiver.', waiting),
  ];
}

function capacity(noun: string, cargo: string, uplinks: Uplinks): Gauge[] {
  const all = uplinks.status();
  const samples = (value: (one: (typeof all)[number]) => number) =>
    all.map((one) => ({ labels: { [noun]: one.name, mode: one.mode }, value: value(one) }));
  return [
    {
      name: `passbell_${noun}_up`,
      help: `1 when the ${noun} takes ${cargo}s, 0.5 when in part, 0 when not.`,
      samples: samples(({ status }) => ({ up: 1, degraded: 0.5, down: 0 })[status.state]),
    },
    {
      name: `passbell_${noun}_free`,
      help: `${cargo === 'call' ? 'Calls' : 'Messages'} that can be handed to the ${noun} now.`,
      samples: samples(({ status }) => status.free),
    },
  ];
}

function ownProcess(): Gauge[] {
  const { rss } = process.memoryUsage();
  return [
    { name: 'process_resident_memory_bytes', help: 'Resident memory.', samples: [{ value: rss }] },
    {
      name: 'process_uptime_seconds',
      help: 'Seconds since the start.',
      samples: [{ value: Math.round(process.uptime()) }],
    },
  ];
}

function render(gauges: readonly Gauge[]): string {
  return gauges
    .flatMap(({ type = 'gauge', name, help, samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(({ labels, value }) => `${name}${labelled(labels)} ${value}`),
    ])
    .join('\n')
    .concat('\n');
}

function labelled(labels: Readonly<Record<string, string>> | undefined): string {
  if (labels === undefined) return '';
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${value.replace(/["\\\n]/g, '\\$&')}"`);
  return `{${pairs.join(',')}}`;
}
