/** All techniques, by the name used in declarations. */
import { attribution } from "./attribution/fit-attribution.ts";
import { basket } from "./basket/fit-basket.ts";
import { boosting, churn } from "./churn/fit-churn.ts";
import { response } from "./churn/response.ts";
import { clusters } from "./clustering/fit-clusters.ts";
import { cohort } from "./cohort/fit-cohort.ts";
import { drivers } from "./drivers/fit-drivers.ts";
import { forecast } from "./forecast/fit-forecast.ts";
import { journey } from "./journey/fit-journey.ts";
import { lifetimeValue, paretoValue } from "./lifetime-value/fit-lifetime-value.ts";
import { nextOffer } from "./next-offer/fit-next-offer.ts";
import { rfm } from "./rfm/rfm.ts";
import { survival } from "./survival/fit-survival.ts";
import { uplift } from "./uplift/fit-uplift.ts";
import type { Technique } from "./technique.ts";

/** The registry: a new technique adds one line. */
export const TECHNIQUES = {
  rfm,
  bg_nbd: lifetimeValue,
  pareto_nbd: paretoValue,
  logistic: churn,
  kmeans: clusters,
  basket,
  attribution,
  cohort,
  survival,
  forecast,
  boosting,
  uplift,
  drivers,
  next_offer: nextOffer,
  journey,
  response,
} as const;

/** The type of the registry. */
export type Techniques = typeof TECHNIQUES;
type SpecOf<T> = T extends Technique<infer S, infer _O, infer _F> ? S : never;
/** The declaration of a mining model; its outputs become attributes of the dimension it is `over`. */
export type MiningModelSpec = { readonly [T in keyof Techniques]: SpecOf<Techniques[T]> }[keyof Techniques];
