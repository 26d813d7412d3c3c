export { hubspot, hubspotObject, type HubspotObject, type HubspotSpec } from "./hubspot.ts";
export { salesforce, salesforceObject, type SalesforceObject, type SalesforceSpec } from "./salesforce.ts";
