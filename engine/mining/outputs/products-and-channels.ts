/** Outputs of the techniques that look at products, channels and measures. */
import type { Described } from "./described.ts";

export const PRODUCT_AND_CHANNEL_OUTPUTS = {
  basket: {
    name: "basket",
    title: "Basket analysis",
    main: null,
    outputs: {
      partner: {
        type: "string",
        title: "Bought with",
        description: "The item most strongly associated with it, by lift.",
      },
      lift: {
        type: "number",
        title: "Lift of the associated item",
        description: "How many times as often as by chance the two are bought together.",
      },
      confidence: {
        type: "number",
        title: "Confidence of the associated item",
        description: "Share of its baskets that also hold the other item.",
      },
    },
  },
  next_offer: {
    name: "next_offer",
    title: "Next best offer",
    main: null,
    outputs: {
      offer: { type: "string", title: "Next offer", description: "What to offer next." },
      chance: {
        type: "number",
        title: "Probability of the next offer",
        description: "Probability, 0 to 1, that the next basket holds it, as observed for other members.",
      },
      worth: {
        type: "number",
        title: "Value of the next offer",
        description:
          "Probability times the item's margin, minus the cost of the offer; unknown where no margin is given.",
      },
      reason: {
        type: "string",
        title: "Reason for the next offer",
        description: "Bought before, or goes with what was bought.",
      },
    },
  },
  attribution: {
    name: "attribution",
    title: "Attribution",
    main: null,
    outputs: {
      conversions: {
        type: "number",
        title: "Attributed conversions",
        description: "Conversions credited to the channel (Markov chain).",
      },
      value: {
        type: "number",
        title: "Attributed value",
        description: "Value credited to the channel (Markov chain).",
      },
      share: {
        type: "number",
        title: "Share of the credit",
        description: "Share of all conversions, 0 to 1 (Markov chain).",
      },
    },
  },
  forecast: { name: "forecast", title: "Forecast", main: null, outputs: {} },
  drivers: { name: "drivers", title: "Drivers of change", main: null, outputs: {} },
} as const satisfies { readonly [technique: string]: Described };
