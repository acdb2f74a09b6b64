import type { FastifyPluginAsync } from 'fastify';
import type { Delivery } from '../delivery/delivery.ts';
import type { Uplinks } from '../delivery/uplinks.ts';

interface Deps {
  readonly delivery: Delivery;
  readonly uplinks: Uplinks;
}

/** `/metrics`: what this node does now, in the Prometheus text format 0.0.4. No number, key or text is ever a label. */
export function metricsApi({ delivery, uplinks }: Deps): FastifyPluginAsync {
  return async (app) => {
    app.get('/metrics', async (_request, reply) => {
      reply.type('text/plain; version=0.0.4; charset=utf-8');
      return render([...load(delivery), ...carriers(uplinks), ...ownProcess()]);
    });
  };
}

interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

function load({ load }: Delivery): Gauge[] {
  const gauge = (name: string, help: string, value: number) => ({ name, help, samples: [{ value }] });
  return [
    gauge('passbell_accepts_uncommitted', 'Requests that wait for their commit.', load.uncommitted),
    gauge('passbell_deliveries_queued', 'Messages in memory that wait for a carrier.', load.queued),
    gauge(
      'passbell_deliveries_holding',
      'Messages in memory: waiting, with a carrier, or between tries.',
      load.holding,
    ),
    gauge('passbell_outcomes_unsettled', 'Outcomes and receipts that wait for their commit.', load.unsettled),
  ];
}

function carriers(uplinks: Uplinks): Gauge[] {
  const all = uplinks.status();
  const samples = (value: (one: (typeof all)[number]) => number) =>
    all.map((one) => ({ labels: { carrier: one.name, mode: one.mode }, value: value(one) }));
  return [
    {
      name: 'passbell_carrier_up',
      help: '1 when the carrier takes messages, 0.5 when in part, 0 when not.',
      samples: samples(({ status }) => ({ up: 1, degraded: 0.5, down: 0 })[status.state]),
    },
    {
      name: 'passbell_carrier_free',
      help: 'Messages that can be handed to the carrier now.',
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
    .flatMap(({ name, help, samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
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
