import metadata from 'libphonenumber-js/max/metadata';
import type { CountryCode } from './country.ts';

/** What a number is to its numbering plan, in the library's own words. */
export type PlanType = (typeof OTHER_TYPES)[number][0] | 'FIXED_LINE' | 'FIXED_LINE_OR_MOBILE';

/** A number in its plan: valid, and of a known type. */
export interface PlannedNumber {
  readonly callingCode: string;
  /** The national significant number. */
  readonly national: string;
  readonly country: CountryCode;
  readonly type: PlanType;
}

/**
 * libphonenumber's metadata, with its patterns compiled once. The library compiles each pattern anew for every number, six to
 * twenty microseconds apiece; this is the same decision in about one. It answers the plain cases, in which the library has
 * nothing to guess, and says null to all others (a number that is not valid, a national prefix that rewrites the number):
 * null means "ask the library", never "wrong". A property test holds it to the library's answers.
 */
export interface NumberingPlans {
  /** @param digits what follows the `+` */
  international(digits: string): PlannedNumber | null;
  /** @param digits as dialled inside `country`, or out of it with its international prefix */
  dialled(digits: string, country: CountryCode): PlannedNumber | null;
}

/** Format version 4 of the metadata: positions as in METADATA.md of libphonenumber-js. 0 stands for "none". */
type PlanRow = readonly [
  callingCode: string,
  idd: string | 0,
  general: string,
  lengths: readonly number[],
  formats: unknown,
  nationalPrefix: string | 0,
  prefixRule: unknown,
  prefixForParsing: string | 0,
  prefixTransform: string | 0,
  prefixOptional: unknown,
  leadingDigits: string | 0,
  types: readonly TypeRow[],
];
type TypeRow = readonly [pattern: string, lengths?: readonly number[]] | 0 | undefined;

interface Plan {
  readonly country: CountryCode;
  readonly callingCode: string;
  readonly idd: RegExp | null;
  readonly general: RegExp;
  readonly lengths: readonly number[];
  readonly prefix: RegExp | null;
  /** The prefix rewrites the number, or holds a carrier's code: left to the library. */
  readonly prefixRewrites: boolean;
  readonly leading: RegExp | null;
  readonly fixed: TypeTest | null;
  readonly mobile: TypeTest | null;
  /** Fixed and mobile numbers look alike in this plan. */
  readonly mobileLikeFixed: boolean;
  readonly others: readonly TypeTest[];
}

interface TypeTest {
  readonly type: PlanType;
  readonly lengths: readonly number[];
  readonly pattern: RegExp;
}

/** In the order in which the library tries them, after fixed lines; with their places in the metadata. */
const OTHER_TYPES = [
  ['MOBILE', 1],
  ['PREMIUM_RATE', 3],
  ['TOLL_FREE', 2],
  ['SHARED_COST', 9],
  ['VOIP', 8],
  ['PERSONAL_NUMBER', 4],
  ['PAGER', 7],
  ['UAN', 6],
  ['VOICEMAIL', 5],
] as const;

/** The plans of every country and network, each compiled when the first number asks for it. */
export function numberingPlans(): NumberingPlans {
  if (metadata.version !== 4) throw new Error(`libphonenumber metadata of version ${metadata.version}; this reads 4`);
  const countries = metadata.countries as unknown as Readonly<Record<string, PlanRow>>;
  const networks = metadata.nonGeographic as unknown as Readonly<Record<string, PlanRow>>;
  const byCountry = new Map<CountryCode, Plan>();
  const byCallingCode = new Map<string, readonly Plan[]>();

  function planOf(country: CountryCode): Plan | null {
    const known = byCountry.get(country);
    if (known !== undefined) return known;
    const row = Object.hasOwn(countries, country) ? countries[country] : undefined;
    if (row === undefined) return null;
    const plan = compile(row, country);
    byCountry.set(country, plan);
    return plan;
  }

  /** The plans that share a calling code, the main one first; none if it is not in use. */
  function plansOf(callingCode: string): readonly Plan[] {
    const known = byCallingCode.get(callingCode);
    if (known !== undefined) return known;
    const members: readonly string[] | undefined = metadata.country_calling_codes[callingCode];
    const network = networks[callingCode];
    const plans = members?.flatMap((country) => planOf(country) ?? []) ?? (network ? [compile(network, '001')] : []);
    // Three digits at the most: what strangers send cannot make this map grow without end.
    byCallingCode.set(callingCode, plans);
    return plans;
  }

  function international(digits: string): PlannedNumber | null {
    // No calling code begins another (ITU-T E.164, annex D), so the first that is in use is the one.
    for (let length = 1; length <= 3 && length < digits.length; length++) {
      const plans = plansOf(digits.slice(0, length));
      const main = plans[0];
      if (main !== undefined) return inPlan(digits.slice(length), main, plans);
    }
    return null;
  }

  function dialled(digits: string, country: CountryCode): PlannedNumber | null {
    const home = planOf(country);
    if (home === null) return null;
    const idd = home.idd?.exec(digits);
    if (idd) return idd[0].length < digits.length ? international(digits.slice(idd[0].length)) : null;
    if (!digits.startsWith(home.callingCode)) return inPlan(digits, home, plansOf(home.callingCode));
    // Either a national number that begins like the calling code, or an international one without `+`.
    const shorter = digits.slice(home.callingCode.length);
    if (home.prefix?.test(digits) || home.prefix?.test(shorter)) return null;
    const isNational = home.general.test(digits) || !home.general.test(shorter);
    if (isNational && digits.length <= (home.lengths.at(-1) ?? 0))
      return inPlan(digits, home, plansOf(home.callingCode));
    return international(digits);
  }

  return { international, dialled };
}

function inPlan(dialled: string, plan: Plan, shared: readonly Plan[]): PlannedNumber | null {
  const national = withoutPrefix(dialled, plan, shared);
  if (national === null) return null;
  const owner = ownerOf(national, shared);
  const type = owner && typeOf(national, owner);
  return type ? { callingCode: owner.callingCode, national, country: owner.country, type } : null;
}

/** The national significant number; null where the library must decide. */
function withoutPrefix(dialled: string, plan: Plan, shared: readonly Plan[]): string | null {
  const prefix = plan.prefix?.exec(dialled);
  if (!prefix) return dialled;
  if (plan.prefixRewrites) return null;
  const rest = dialled.slice(prefix[0].length);
  // "8 800 555 35 35": what looks like the prefix is part of the number if the number is no longer one without it.
  if (plan.general.test(dialled) && !plan.general.test(rest)) return dialled;
  const lengths = (ownerOf(rest, shared) ?? plan).lengths;
  return lengths.includes(rest.length) ? rest : null;
}

/** Which of the countries that share a calling code a number belongs to: the first that claims it. */
function ownerOf(national: string, shared: readonly Plan[]): Plan | undefined {
  if (shared.length === 1) return shared[0];
  return shared.find((plan) => (plan.leading ? plan.leading.test(national) : typeOf(national, plan) !== null));
}

function typeOf(national: string, plan: Plan): PlanType | null {
  if (!plan.general.test(national)) return null;
  if (plan.fixed !== null && fits(national, plan.fixed)) {
    const isBoth = plan.mobileLikeFixed || (plan.mobile !== null && fits(national, plan.mobile));
    return isBoth ? 'FIXED_LINE_OR_MOBILE' : 'FIXED_LINE';
  }
  for (const test of plan.others) if (fits(national, test)) return test.type;
  return null;
}

function fits(national: string, test: TypeTest): boolean {
  return test.lengths.includes(national.length) && test.pattern.test(national);
}

function compile(row: PlanRow, country: CountryCode): Plan {
  const [callingCode, idd, general, lengths, , nationalPrefix, , prefixForParsing, , , leading, types] = row;
  const prefix = prefixForParsing || nationalPrefix;
  const others = OTHER_TYPES.flatMap(([type, place]) => typeTest(type, types[place], lengths) ?? []);
  return {
    country,
    callingCode,
    idd: idd ? new RegExp(`^(?:${idd})`) : null,
    general: entire(general),
    lengths,
    prefix: prefix ? new RegExp(`^(?:${prefix})`) : null,
    prefixRewrites: prefix ? /\((?!\?)/.test(prefix) : false,
    leading: leading ? new RegExp(`^(?:${leading})`) : null,
    fixed: typeTest('FIXED_LINE', types[0], lengths),
    mobile: others.find((test) => test.type === 'MOBILE') ?? null,
    mobileLikeFixed: !types[1] || types[1][0] === '',
    others,
  };
}

function typeTest(type: PlanType, row: TypeRow, lengths: readonly number[]): TypeTest | null {
  if (!row || row[0] === '') return null;
  return { type, lengths: row[1] ?? lengths, pattern: entire(row[0]) };
}

function entire(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
