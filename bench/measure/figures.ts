/** What one run measured; null where a scenario does not have the figure. The README says how each is taken. */
export interface Figures {
  /** Answered with success, a second, over the time of the load. */
  readonly accepted: number | null;
  /** Codes checked, a second, over the time of the load: each answer after its commit. */
  readonly checks: number | null;
  /** submit_sm seen by the SMSC, a second, over the same time. */
  readonly wire: number | null;
  /** Receipts answered by the service, a second, over the same time. */
  readonly receipts: number | null;
  /** From request to HTTP answer, ms. */
  readonly answerP50: number | null;
  readonly answerP99: number | null;
  /** From the HTTP answer in hand to the submit_sm at the SMSC or the INVITE, ms; below zero when that was first. */
  readonly acceptToSubmitP50: number | null;
  readonly acceptToSubmitP99: number | null;
  /** From the request's sending to the submit_sm at the SMSC, ms. */
  readonly sendToSubmitP50: number | null;
  readonly sendToSubmitP99: number | null;
  /** What the window and the SMSC's own delay allow, messages a second. */
  readonly ceiling: number | null;
  /** Requests that were not accepted. */
  readonly refused: number | null;
  /** Accepted messages that the SMSC had not seen when the load ended. */
  readonly backlog: number | null;
  /** Accepted messages that the SMSC had not seen after its peer fell silent; null when it was still sending. */
  readonly missing: number | null;
  /** CPU time of the service, µs for each message on the wire, or each check. */
  readonly cpuMicros: number | null;
  /** CPU time of its database server, µs for the same. */
  readonly databaseCpuMicros: number | null;
  readonly cpuSeconds: number | null;
  readonly rssMb: number | null;
  /** From start to ready on an empty store, ms (over a seeded one: on that). */
  readonly readyMs: number | null;
  /** The same on the store of the first start. */
  readonly restartMs: number | null;
  /** CPU time of the machine that went to what is no part of the run, %: other programs, and other guests of the host. */
  readonly othersCpuPercent: number | null;
  /** What the disk took to make a small append durable just before the run, ms. */
  readonly diskSyncMs: number | null;
  /** Calls that were accepted. */
  readonly calls: number | null;
  /** Calls of which the callback said that they were answered and ended as they should. */
  readonly finished: number | null;
  /** Calls that the ledger charged. */
  readonly charged: number | null;
  /** Charges and callbacks that came after the first one of their call. */
  readonly twice: number | null;
  /** Calls that were up at the same time, at the most. */
  readonly peak: number | null;
  /** CPU time of the service while that many were up and more came, or while codes were checked, % of one core. */
  readonly cpuPercent: number | null;
  /** The same of its database server. */
  readonly databaseCpuPercent: number | null;
  /** RTP packets that the service sent, and those of them that are missing on the wire by their sequence numbers. */
  readonly rtpPackets: number | null;
  readonly rtpLost: number | null;
  /** Packets that are missing among those that the far end sent back: it did not keep up with them. */
  readonly rtpNotEchoed: number | null;
  /** Mean jitter (RFC 3550 §6.4.1) of each call as the service sent it, ms: the 99th percentile of all calls. */
  readonly jitterP99: number | null;
  /** How far from 20 ms after the one before it each packet left, ms. */
  readonly gapP99: number | null;
}

export const NO_FIGURES: Figures = {
  accepted: null,
  checks: null,
  wire: null,
  receipts: null,
  answerP50: null,
  answerP99: null,
  acceptToSubmitP50: null,
  acceptToSubmitP99: null,
  sendToSubmitP50: null,
  sendToSubmitP99: null,
  ceiling: null,
  refused: null,
  backlog: null,
  missing: null,
  cpuMicros: null,
  databaseCpuMicros: null,
  cpuSeconds: null,
  rssMb: null,
  readyMs: null,
  restartMs: null,
  othersCpuPercent: null,
  diskSyncMs: null,
  calls: null,
  finished: null,
  charged: null,
  twice: null,
  peak: null,
  cpuPercent: null,
  databaseCpuPercent: null,
  rtpPackets: null,
  rtpLost: null,
  rtpNotEchoed: null,
  jitterP99: null,
  gapP99: null,
};

export type FigureName = keyof Figures;
export const FIGURE_NAMES = Object.keys(NO_FIGURES) as readonly FigureName[];
