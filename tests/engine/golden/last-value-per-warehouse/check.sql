with e as (select date_trunc('quarter', day) as q, warehouse, max(day) as d from stock group by 1, 2)
select q::date::varchar, sum(quantity) from stock s join e on date_trunc('quarter', s.day) = q and s.warehouse = e.warehouse and s.day = d group by 1
