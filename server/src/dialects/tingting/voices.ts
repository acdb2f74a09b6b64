/** One of the vendor's voice models, field names and order as `GET /voice-models/` shows them. */
export interface VoiceModel {
  readonly id: number;
  readonly voice_display_name: string;
  readonly voice_internal_name: string;
  readonly is_premium: boolean;
}

const RIJA: VoiceModel = model(1, 'Rija', 'np_rija', false);
const PRASHANNA: VoiceModel = model(3, 'Prashanna', 'np_prashanna', false);
const BINOD: VoiceModel = model(4, 'Binod', 'np_binod', false);
const SHREEGYA: VoiceModel = model(5, 'Shreegya', 'np_shreegya', false);

/** The vendor's five models, by id. The premium Rija shares its internal name with the plain one. */
export const voiceModels: readonly VoiceModel[] = [
  RIJA,
  model(2, 'Rija premium', 'np_rija', true),
  PRASHANNA,
  BINOD,
  SHREEGYA,
];

const BY_INPUT: ReadonlyMap<unknown, VoiceModel> = new Map<unknown, VoiceModel>([
  ...voiceModels.map((voice) => [voice.id, voice] as const),
  ['np_rija', RIJA],
  ['np_prashanna', PRASHANNA],
  // The vendor's 2023 documentation spells it so.
  ['np_prasanna', PRASHANNA],
  ['np_binod', BINOD],
  ['np_shreegya', SHREEGYA],
]);

/** The model that a request's `voice_input` means: an internal name or an integer id; undefined for anything else. */
export function voiceModel(input: unknown): VoiceModel | undefined {
  return BY_INPUT.get(input);
}

function model(id: number, display: string, internal: string, premium: boolean): VoiceModel {
  return { id, voice_display_name: display, voice_internal_name: internal, is_premium: premium };
}
