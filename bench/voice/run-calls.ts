import { setTimeout } from 'node:timers/promises';
import { captureRtp } from '../../e2e/peers/rtp-report.ts';
import { type Sipp, startSipp } from '../../e2e/peers/sipp.ts';
import { type CallbackReceiver, startCallbackReceiver } from '../../e2e/service/callback-receiver.ts';
import { answers } from '../../e2e/voice/callees.ts';
import { type Paced, pace } from '../load/pace.ts';
import { probe } from '../load/probe.ts';
import type { Figures } from '../measure/figures.ts';
import { othersCpu, usage } from '../measure/process-tree.ts';
import { percentile } from '../measure/statistics.ts';
import type { Processes } from '../processes.ts';
import type { Bench } from '../run.ts';
import type { Scenario } from '../scenarios.ts';
import type { Running, Service } from '../services/service.ts';
import { type LedgerEntry, type Told, tallyCalls } from './call-tally.ts';
import { watchInvites } from './invite-times.ts';
import { soundFigures } from './sound-figures.ts';

/** What the trunk takes: more than are to be up at once. */
const MAX_CALLS = 600;
/** A few calls before those that are measured, a second; their destinations are after those of any load. */
const WARM_PER_SECOND = 5;
const WARM_FIRST = 1_000_000;
/** Nothing was told for so long: nothing more comes, ms. Well above the length of a call. */
const SILENCE = 20_000;
const LOOK = 100;
/** From a callback to the end of its call at the far end, ms. */
const FAR_END_WITHIN = 5_000;

/**
 * Calls at a set rate, all to a SIPp that answers at once, sends the sound back that it gets, and waits for the end. It hears all of
 * them with one socket and one thread: what it cannot keep up with does not come back, and counts as lost.
 */
export async function runCalls(
  { processes, warmSeconds }: Bench,
  { seconds }: Scenario,
  perSecond: number,
  service: Service,
  dir: string,
): Promise<Partial<Figures>> {
  await using undo = new AsyncDisposableStack();
  const receiver = await startCallbackReceiver();
  undo.defer(() => receiver.stop());
  const phone = await startSipp({ scenario: answers(), echo: true, trace: false });
  undo.defer(() => phone.stop());
  const rtpPorts = portsFor(perSecond * seconds);
  const line = { kind: 'calls', trunkPort: phone.port, maxCalls: MAX_CALLS, callbacksTo: receiver.url } as const;
  const running = undo.use(await service.start({ processes, dir, cargo: { ...line, rtpPorts } }));

  await probe(running.target);
  const warm = acceptedOf(await pace(running.target, WARM_PER_SECOND, warmSeconds, WARM_FIRST));
  await allTold(receiver, 1 + warm.length, processes);
  const early = receiver.received.length;
  const { longestMs } = tallyCalls(toldBy(receiver, 0), []);

  const sound = await captureRtp(rtpPorts.first, rtpPorts.last);
  undo.defer(() => sound.close());
  const invites = undo.use(await watchInvites(phone.port));
  const sending = pace(running.target, perSecond, seconds, 0);
  const cost = await costWhile(running, sending, Math.min(longestMs, (seconds * 1_000) / 2));
  const sent = await sending;
  const calls = acceptedOf(sent);
  await allTold(receiver, early + calls.length, processes);
  const heard = (await endedAt(phone, early + calls.length)) - early;
  await sound.stop();

  const told = toldBy(receiver, early);
  const { finished, charged, twice, peak } = tallyCalls(told, await ledgerOf(running));
  return {
    ...cost,
    ...answerFigures(calls, await invites.stop()),
    ...(await soundFigures(sound, rtpPorts)),
    ...{ charged, twice, peak },
    readyMs: running.readyMs,
    accepted: calls.length / seconds,
    calls: calls.length,
    finished: Math.min(finished, heard),
    refused: sent.length - calls.length,
    missing: calls.length - new Set(told.map((call) => call['call-id'])).size,
  };
}

/** Even ones for each call, so that none is used twice while late packets are about; below those that SIPp's are taken from. */
function portsFor(calls: number): { readonly first: number; readonly last: number } {
  const first = 12_000;
  return { first, last: Math.min(19_999, first + 2 * (calls + 2 * MAX_CALLS)) };
}

type Accepted = Paced & { readonly accepted: number };

function acceptedOf(sent: readonly Paced[]): readonly Accepted[] {
  return sent.flatMap((one) => (one.accepted === null ? [] : [{ ...one, accepted: one.accepted }]));
}

function toldBy({ received }: CallbackReceiver, from: number): readonly Told[] {
  return received.slice(from).map(({ body }) => body as unknown as Told);
}

/** Resolves when so many callbacks have come, or none has for a while. */
async function allTold(receiver: CallbackReceiver, calls: number, processes: Processes): Promise<void> {
  let seen = receiver.received.length;
  let changed = performance.now();
  while (seen < calls && performance.now() - changed < SILENCE) {
    if (processes.stopped) throw new Error('Stopped.');
    await setTimeout(LOOK);
    const now = receiver.received.length;
    if (now !== seen) changed = performance.now();
    seen = now;
  }
}

/** How many calls went as they should for the far end, once so many have ended there. */
async function endedAt(phone: Sipp, calls: number): Promise<number> {
  const deadline = performance.now() + FAR_END_WITHIN;
  for (;;) {
    const { finished, failed } = phone.stats();
    if (finished + failed >= calls || performance.now() > deadline) return finished;
    await setTimeout(LOOK);
  }
}

/** What it costs the service to have as many calls up as there ever are, and to place more: from `afterMs` until all are placed. */
async function costWhile(running: Running, sending: Promise<unknown>, afterMs: number): Promise<Partial<Figures>> {
  await setTimeout(afterMs);
  const before = await reading(running);
  await sending;
  const after = await reading(running);
  const seconds = (after.at - before.at) / 1_000;
  const cpuSeconds = after.service.cpuSeconds - before.service.cpuSeconds;
  const databaseSeconds = after.database.cpuSeconds - before.database.cpuSeconds;
  const possible = after.machine.possible - before.machine.possible;
  return {
    cpuSeconds,
    cpuPercent: (100 * cpuSeconds) / seconds,
    databaseCpuPercent: running.databasePids.length > 0 ? (100 * databaseSeconds) / seconds : null,
    rssMb: after.service.rssMb,
    othersCpuPercent: Math.max(0, (100 * (after.machine.others - before.machine.others)) / possible),
  };
}

async function reading({ pids, databasePids }: Running) {
  const [service, database, machine] = await Promise.all([usage(pids), usage(databasePids), othersCpu(process.pid)]);
  return { at: performance.now(), service, database, machine };
}

function answerFigures(calls: readonly Accepted[], invites: ReadonlyMap<string, number>): Partial<Figures> {
  const answer = calls.map(({ sent, accepted }) => (accepted - sent) / 1_000);
  const toInvite = calls.flatMap(({ number, accepted }) => {
    const invited = invites.get(number);
    return invited === undefined ? [] : [(invited - accepted) / 1_000];
  });
  return {
    answerP50: percentile(answer, 0.5),
    answerP99: percentile(answer, 0.99),
    acceptToSubmitP50: percentile(toInvite, 0.5),
    acceptToSubmitP99: percentile(toInvite, 0.99),
  };
}

async function ledgerOf(running: Running): Promise<readonly LedgerEntry[]> {
  const all: LedgerEntry[] = [];
  let cursor = '';
  for (;;) {
    const page = (await running.read(`/v1/credits?limit=100${cursor}`)) as {
      readonly data: readonly LedgerEntry[];
      readonly next_cursor: string | null;
    };
    all.push(...page.data);
    if (page.next_cursor === null) return all;
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
}
