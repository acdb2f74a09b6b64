import type { DestinationRefusal } from '../../errors.ts';

// Each goes on after the name of a field.

/** By the `reason` of a `conflict`; one that is not here is told in its own words. */
export const CONFLICTS: ReadonlyMap<string, string> = new Map([
  ['changed_too_often_in_a_day', 'was changed too often in a day: ask again when one of those before has ended'],
  ['code_is_not_kept', 'has no code that could be sent again: start a new verification'],
  ['has_no_further_step', 'has no further step: send it again, or start a new verification'],
  ['is_disabled', 'is disabled: enable the endpoint first'],
  ['is_gone', 'is gone: it was removed, or erased with its number'],
  ['is_not_set', 'is not set: set it in the settings first'],
  ['is_not_told_of_such_events', 'is not told of such events: add this one to its `events` first'],
  ['is_pending', 'is pending: only what has ended is sent again'],
  ['it_has_ended', 'has ended'],
  ['it_is_the_default_sender', 'is who messages are from that name none: change the setting `sender` first'],
  ['it_is_answered_already', 'is answered already'],
  ['it_is_answered_so_hang_up_instead', 'is answered: hang up instead'],
  ['it_still_rings_so_answer_it_first', 'still rings: answer it first'],
  ['it_still_rings_so_reject_it_instead', 'still rings: reject it instead'],
  [
    'its_configuration_cannot_be_read_put_it_anew',
    'has a configuration that cannot be read with the keys that are here: put it anew',
  ],
  ['something_is_on_its_way_to_it', 'is being sent something: ask again when that has ended'],
  ['step_was_sent', 'has sent this step already'],
  ['taken', 'is taken: choose another one'],
  ['there_already', 'is there already'],
  ['too_many_endpoints', 'would be one too many: remove an endpoint first'],
  ['too_many_keys', 'would be one too many: end a key first'],
  ['too_many_senders', 'would be one too many: remove a sender first'],
  ['too_many_templates', 'would be one too many: remove a template first'],
  ['too_much_audio_delete_some', 'would be more audio than an account may have: delete some first'],
]);

/** Why a number is not sent to. */
export const REFUSED_DESTINATIONS: Readonly<Record<DestinationRefusal, string>> = {
  country: 'is of a country that this account does not send to: its setting `countries` says which it does',
  premium: 'is a premium-rate number: it is not sent to',
  shared_cost: 'is a shared-cost number: it is not sent to',
  satellite: 'is a satellite or international network number: it is not sent to',
  short: 'is a short number: it is not sent to',
  emergency: 'is an emergency number: it is not sent to',
  not_dialable: 'is of a kind that is not sent to',
};
