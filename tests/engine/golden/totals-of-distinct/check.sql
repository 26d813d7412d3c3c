with x as (select s.customer_id, order_id, country, date_trunc('year', sold_on)::date::varchar as y from sales s left join (select * from customer where valid_until is null) c using (customer_id))
select 'row', country, y, count(distinct customer_id), count(distinct order_id) from x group by 2, 3
union all select 'total', country, null, count(distinct customer_id), count(distinct order_id) from x group by 2
union all select 'total', null, null, count(distinct customer_id), count(distinct order_id) from x
