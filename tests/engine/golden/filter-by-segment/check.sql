select country, count(*), sum(cost) from cases join (select customer_id, country from (select * from customer where valid_until is null)) using (customer_id)
where country = 'DE' or customer_id in (select customer_id from cases where customer_id is not null group by 1 having count(*) >= 3) group by 1
