import { type Command, Option } from 'commander';
import { answer } from './answer.ts';
import { CommandError } from './command-error.ts';
import { type HandsetApi, handsetApi, type ShownMessage } from './handset-api.ts';
import { wholeNumber } from './numbers.ts';
import { readings } from './readings.ts';
import { type ServiceOptions, serviceApi, serviceFlags } from './service-api.ts';
import type { Shell } from './shell.ts';
import { card } from './table.ts';
import { visible } from './visible.ts';

interface Options extends ServiceOptions {
  readonly to: string;
  readonly message: string;
  readonly code?: string;
  readonly length?: string;
  readonly companyName?: string;
  readonly wait?: true;
}

/** What the server tells of a send. */
interface Sent {
  readonly number: string;
  readonly message: string;
  readonly credits_used: number;
  readonly remaining_sms_credits: number;
}

const FIELDS = {
  number: '--to',
  message: '--message',
  otp: '--code',
  otp_length: '--length',
  company_name: '--company-name',
};

/** How long `--wait` waits. A message to the sandbox phone takes milliseconds, unless its number asks for a delay. */
const WAIT_SECONDS = 30;

export function registerSend(program: Command, shell: Shell): void {
  const command = program
    .command('send')
    .description('send a code through a running server')
    .requiredOption(
      '--to <number>',
      'phone number, with + and country code or as dialled in the country of the account',
    )
    .option('--message <text>', 'the text, with {otp} where the code goes', 'Your code is {otp}')
    .addOption(new Option('--code <code>', 'your own code, 4 to 10 letters or digits').conflicts('length'))
    .option('--length <n>', 'length of the code that the server draws, 4 to 10 (default: 6)')
    .option('--company-name <text>', 'for accounts that require it')
    .option('--wait', 'with a test key: wait for the message on the sandbox phone, and show it');
  serviceFlags(command).action(async (options: Options) => {
    const body = requestOf(options);
    const api = serviceApi(shell, options, FIELDS);
    const phone = options.wait ? handsetApi(api) : null;
    // Taken before the send: what was on the phone already is not what is waited for.
    const after = await phone?.end(options.to);
    const sent = await api.post('/api/v1/auths/send/otp/', body);
    const { details } = (sent as { readonly data: { readonly details: Sent } }).data;
    if (phone === null || after === undefined) return answer(shell, options, details, sentence(details));
    const arrived = await arrival(phone, options.to, after, details.message);
    answer(shell, options, { ...details, handset: arrived }, sentence(details) + phoneCard(arrived));
  });
}

function requestOf({ to, message, code, length, companyName }: Options) {
  const { read, done } = readings();
  const otpLength = read('--length', length, wholeNumber);
  done();
  return {
    number: to,
    message,
    sms_send_options: 'text',
    ...(code === undefined ? { otp_options: 'generated' } : { otp_options: 'personnel', otp: code }),
    ...(otpLength !== undefined && { otp_length: otpLength }),
    ...(companyName !== undefined && { company_name: companyName }),
  };
}

/** The message with this text among those that come: others may be sent to the same number meanwhile. */
async function arrival(phone: HandsetApi, to: string, after: string, text: string): Promise<ShownMessage> {
  for (let cursor = after; ; ) {
    const message = await phone.next(to, cursor, WAIT_SECONDS);
    if (message === null) {
      const cure = '`passbell messages` shows what became of it.';
      throw new CommandError('timed_out', `It was sent, but did not reach the phone within ${WAIT_SECONDS} s. ${cure}`);
    }
    if (message.text === text) return message;
    cursor = message.id;
  }
}

function sentence({ number, message, credits_used: used, remaining_sms_credits: left }: Sent): string {
  const credits = `${used} credit${used === 1 ? '' : 's'} used, ${left} SMS credits left`;
  return `Sent to ${visible(number)}: ${visible(message)}\n${credits}.\n`;
}

function phoneCard({ from, text, segments, encoding, received_at }: ShownMessage): string {
  return `\nThe sandbox phone has it:\n\n${card([
    ['From', from ?? '(no sender)'],
    ['Text', text],
    ['SMS', `${segments} segment${segments === 1 ? '' : 's'}, ${encoding}`],
    ['At', received_at],
  ])}`;
}
