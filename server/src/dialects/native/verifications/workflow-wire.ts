import type { Routes, Uplink } from '../../../delivery/route.ts';
import type { Channel, Fault } from '../../../errors.ts';
import type { Mode } from '../../../rules/accept.ts';
import type { WorkflowStep } from '../../../rules/verification.ts';
import { SHORTEST_WAIT, type StartBody, type TimedBody } from './start-body.ts';

/** Whether a step by this channel may name this uplink. */
export type MayName = (channel: Channel, name: string) => boolean;

/** Who a step may name. With a test key also the real ones, which the sandbox phone stands for: so one request serves both. */
export function mayName(
  mode: Mode,
  { carriers, trunks }: { readonly carriers: Routes<Uplink>; readonly trunks: Routes<Uplink> },
): MayName {
  const modes: readonly Mode[] = mode === 'test' ? ['test', 'live'] : ['live'];
  const uplinks = { sms: carriers, voice: trunks };
  return (channel, name) =>
    modes.some((each) => uplinks[channel].routes(each).some(({ uplink }) => uplink.name === name));
}

/** What the request asks for: its workflow, or one send by its channel, which is SMS where it names none. */
export function stepsOf({ workflow, channel = 'sms' }: Pick<StartBody, 'workflow' | 'channel'>): WorkflowStep[] {
  if (workflow === undefined) return [{ channel, carrier: null, waitMs: 0 }];
  return workflow.map((step) => {
    return { channel: step.channel, carrier: step.carrier ?? null, waitMs: (step.wait ?? 0) * 1000 };
  });
}

/** Steps that would never come, or by carriers that are not there. */
export function workflowFaults({ workflow = [], ttl }: Pick<TimedBody, 'workflow' | 'ttl'>, isThere: MayName): Fault[] {
  let due = 0;
  return workflow.flatMap(({ channel, carrier, wait = 0 }, i) => {
    due += wait;
    const message = i === 0 ? firstWaitFault(wait) : waitFault(wait, due, ttl);
    const faults = message === null ? [] : [{ field: `workflow.${i}.wait`, message }];
    if (carrier === undefined || isThere(channel, carrier)) return faults;
    return [...faults, { field: `workflow.${i}.carrier`, message: notThere(carrier, channel) }];
  });
}

function firstWaitFault(wait: number): string | null {
  return wait === 0 ? null : 'must be 0 or left out: the first step is sent at once';
}

function waitFault(wait: number, due: number, ttl: number): string | null {
  if (wait < SHORTEST_WAIT) return `must be at least ${SHORTEST_WAIT}: whole seconds after the step before it`;
  return due < ttl ? null : `must come while the code lives: this step is due after ${due} s, and ttl is ${ttl}`;
}

function notThere(carrier: string, channel: Channel): string {
  const kind = channel === 'sms' ? 'carrier' : 'trunk';
  return `must be the name of a ${kind}, and there is none called ${JSON.stringify(carrier)}`;
}
