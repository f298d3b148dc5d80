import type { CustomerEvent } from '../customers/index.ts';
import type { Item, ItemEvent } from '../inventory/index.ts';
import { offsetText, placeUri, type Site } from './place.ts';
import { bizStepUri, dispositionUri, namespace } from './vocabulary.ts';

type Json = { readonly [member: string]: unknown };

/** EPCIS 2.0's own context, and the prefix under which every member of ours stands: without it JSON-LD drops them. */
const context = ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { silentgate: namespace }];

/**
 * An item event in EPCIS 2.0 (JSON/JSON-LD, CBV 2.0), complete with its context, as it may be posted to a repository.
 * `eventID` comes from the content, so the same fact has the same id. Writing a tag is a TransactionEvent: CBV allows
 * `encoding` only there.
 */
export function toEpcis(event: ItemEvent, site: Site): Json {
  const { item } = event;
  const encoding = event.bizStep === 'encoding';
  return {
    '@context': context,
    type: encoding ? 'TransactionEvent' : 'ObjectEvent',
    ...whenOf(event, site),
    action: event.action,
    epcList: [item.id],
    ...(encoding && { bizTransactionList: [{ bizTransaction: inputUri(event.cause ?? event.id) }] }),
    ...(event.bizStep !== null && { bizStep: bizStepUri(event.bizStep) }),
    ...(event.disposition !== null && { disposition: dispositionUri(event.disposition) }),
    ...(item.readPoint !== null && { readPoint: { id: placeUri(site, 'readpoint', item.readPoint) } }),
    ...(staysThere(item) && { bizLocation: { id: placeUri(site, 'location', item.location) } }),
    'silentgate:type': event.type,
    'silentgate:input': event.input,
    'silentgate:lifecycle': item.lifecycle,
    ...optional('silentgate:fromLifecycle', event.fromLifecycle),
    ...optional('silentgate:fromLocation', locationUri(site, event.fromLocation)),
    ...optional('silentgate:alert', event.alert),
    ...optional('silentgate:cause', event.cause === null ? null : inputUri(event.cause)),
    ...optional('silentgate:confidence', item.placeConfidence),
  };
}

/**
 * A customer event in EPCIS 2.0: an event type of our own, since a person is no object and never stands in an epcList.
 * The person is only the CRM's own reference; the token is not in it.
 */
export function customerToEpcis(event: CustomerEvent, site: Site): Json {
  return {
    '@context': context,
    type: event.type === 'customer.identified' ? 'silentgate:CustomerIdentified' : 'silentgate:CustomerInteraction',
    ...whenOf(event, site),
    'silentgate:customer': event.customer,
    'silentgate:readPoint': placeUri(site, 'readpoint', event.readPoint),
    'silentgate:location': placeUri(site, 'location', event.location),
  };
}

/** bizLocation says where the object is after the event: not of what left, and not of what a customer carries away. */
function staysThere(item: Item): item is Item & { readonly location: string } {
  return item.location !== null && item.presence !== 'ABSENT' && item.lifecycle !== 'SOLD';
}

/** The time in UTC, and how the place's own clocks differed from it then [EPCIS 2.0, eventTimeZoneOffset]. */
function whenOf({ id, at }: { readonly id: string; readonly at: number }, { offsetMinutes }: Site): Json {
  return {
    eventID: `urn:silentgate:event:${id}`,
    eventTime: new Date(at).toISOString(),
    eventTimeZoneOffset: offsetText(offsetMinutes?.(at) ?? 0),
  };
}

function inputUri(id: string): string {
  return `urn:silentgate:input:${encodeURIComponent(id)}`;
}

function locationUri(site: Site, location: string | null): string | null {
  return location === null ? null : placeUri(site, 'location', location);
}

function optional(name: string, value: string | number | null): Json {
  return value === null ? {} : { [name]: value };
}
