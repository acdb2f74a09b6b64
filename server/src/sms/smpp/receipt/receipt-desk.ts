import type { Carrier, CarrierReceipt } from '../../carrier.ts';
import { STATUS } from '../pdu/status.ts';

/** Tells the SMSC what became of its receipt. */
type Answer = (status: number) => void;
type Listener = Parameters<Carrier['onReceipts']>[0];

/** Receipts with the listener at once. A store that cannot keep up must not fill the memory: what is more comes again. */
const LIMIT = 10_000;

/**
 * What a receipt that was not taken is answered. ESME_RX_T_APPN (0x64) is the specification's word for it, but some SMSCs take it
 * as final (Vonage, "Which deliver_sm_resp statuses trigger a retry"); a full queue means later to all of them.
 */
const AGAIN = STATUS.ESME_RMSGQFUL;

/** Hands receipts on in batches, one a turn of the event loop, and acknowledges each once it was taken. */
export class ReceiptDesk {
  readonly #listeners: Listener[] = [];
  readonly #refused: (count: number) => void;
  readonly #settled: () => void;
  #receipts: CarrierReceipt[] = [];
  #answers: Answer[] = [];
  #open = 0;

  /** @param settled called whenever a batch is done with. */
  constructor(refused: (count: number) => void, settled: () => void) {
    this.#refused = refused;
    this.#settled = settled;
  }

  /** Receipts that are not acknowledged yet. */
  get open(): number {
    return this.#open;
  }

  onReceipts(listener: Listener): void {
    this.#listeners.push(listener);
  }

  take(receipt: CarrierReceipt, answer: Answer): void {
    if (this.#open >= LIMIT) {
      this.#refused(1);
      answer(AGAIN);
      return;
    }
    this.#open += 1;
    if (this.#receipts.length === 0) setImmediate(() => void this.#handOver());
    this.#receipts.push(receipt);
    this.#answers.push(answer);
  }

  async #handOver(): Promise<void> {
    const receipts = this.#receipts;
    const answers = this.#answers;
    this.#receipts = [];
    this.#answers = [];
    const taken = await this.#offer(receipts);
    for (const answer of answers) answer(taken ? STATUS.ESME_ROK : AGAIN);
    this.#open -= answers.length;
    if (!taken) this.#refused(answers.length);
    this.#settled();
  }

  async #offer(receipts: readonly CarrierReceipt[]): Promise<boolean> {
    if (this.#listeners.length === 0) return false;
    try {
      await Promise.all(this.#listeners.map((listener) => listener(receipts)));
      return true;
    } catch {
      // Why is the listener's to say: it knows its store.
      return false;
    }
  }
}
